package org.intarsia.soak;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts how generations have ended. Safe for use by several threads. */
final class Tally {
    private static final Logger LOGGER = LoggerFactory.getLogger(Tally.class);
    /** What the engine says when something has left for too long, see its package. */
    private static final String TOLD = "start or install the bundle";

    private int generations;
    private int failed;
    private int told;
    private int diverged;
    private int moved;
    private String firstProblem;

    synchronized void error(int task, Throwable error) {
        generations++;
        if (String.valueOf(error.getMessage()).contains(TOLD)) {
            told++;
        } else {
            failed++;
            LOGGER.warn("task {} failed", task, error);
        }
        problem("task " + task + " ended with " + error);
    }

    synchronized void answer(int task, Answer undisturbed, Answer answer) {
        generations++;
        List<String> devices = answer.origin().devices();
        boolean sameBackend = new HashSet<>(devices).equals(new HashSet<>(undisturbed.origin().devices()));
        if (devices.size() > 1) {
            moved++;
        }
        if (!answer.ids().equals(undisturbed.ids())) {
            if (sameBackend) {
                failed++;
            } else {
                diverged++;
            }
            problem("task " + task + " on " + devices + " gave other tokens from token "
                    + divergence(undisturbed.ids(), answer.ids()) + " on");
        } else if (sameBackend && !answer.parts().equals(undisturbed.parts())) {
            failed++;
            problem("task " + task + " on " + devices + " gave another picture or text from the same tokens");
        }
    }

    private static int divergence(List<Integer> expected, List<Integer> given) {
        int shared = Math.min(expected.size(), given.size());
        return IntStream.range(0, shared).filter(i -> !expected.get(i).equals(given.get(i))).findFirst().orElse(shared);
    }

    private void problem(String words) {
        if (firstProblem == null) {
            firstProblem = words;
        }
    }

    synchronized int generations() {
        return generations;
    }

    synchronized int failed() {
        return failed;
    }

    synchronized int told() {
        return told;
    }

    synchronized int diverged() {
        return diverged;
    }

    synchronized int moved() {
        return moved;
    }

    synchronized Optional<String> firstProblem() {
        return Optional.ofNullable(firstProblem);
    }
}
