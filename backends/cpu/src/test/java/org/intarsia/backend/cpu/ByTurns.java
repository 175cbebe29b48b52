package org.intarsia.backend.cpu;

import java.util.Arrays;
import java.util.List;
import org.intarsia.backend.api.Plan;

/** Times plans that run by turns, so that all of them meet the same hours of a shared machine. */
final class ByTurns {
    private ByTurns() {
    }

    /**
     * Runs plans.
     *
     * @param first  rounds in which code is compiled
     * @param rounds that are timed
     * @return the median seconds of each plan
     */
    static double[] medianSeconds(List<Plan> plans, int first, int rounds) {
        double[][] seconds = new double[plans.size()][rounds];
        for (int round = -first; round < rounds; round++) {
            for (int i = 0; i < plans.size(); i++) {
                long begun = System.nanoTime();
                plans.get(i).run();
                if (round >= 0) {
                    seconds[i][round] = (System.nanoTime() - begun) / 1e9;
                }
            }
        }
        return Arrays.stream(seconds).mapToDouble(each -> Arrays.stream(each).sorted().toArray()[rounds / 2]).toArray();
    }
}
