package org.intarsia.engine.decode;

import java.util.ArrayList;
import java.util.List;

/** The log-softmax of scores over the ids that are allowed; natural logarithms. */
final class LogProbabilities {
    private final float[] scores;
    private final int[] allowed;
    private final double logSum;

    /**
     * @param scores  of all ids
     * @param allowed the ids over which probabilities make 1, at least one of them with a score above negative infinity
     */
    LogProbabilities(float[] scores, int[] allowed) {
        this.scores = scores;
        this.allowed = allowed;
        double best = Double.NEGATIVE_INFINITY;
        for (int id : allowed) {
            best = Math.max(best, scores[id]);
        }
        double sum = 0;
        for (int id : allowed) {
            sum += Math.exp(scores[id] - best);
        }
        this.logSum = best + Math.log(sum);
    }

    double of(int id) {
        return scores[id] - logSum;
    }

    /** The likeliest ids, best first; of equal ones the lowest first, and none that cannot come. */
    List<Integer> best(int count) {
        List<Integer> best = new ArrayList<>();
        for (int id : allowed) {
            boolean joins = best.size() < count || count > 0 && scores[id] > scores[best.getLast()];
            if (joins && scores[id] != Float.NEGATIVE_INFINITY) {
                int place = best.size();
                while (place > 0 && scores[best.get(place - 1)] < scores[id]) {
                    place--;
                }
                best.add(place, id);
                if (best.size() > count) {
                    best.removeLast();
                }
            }
        }
        return best;
    }
}
