package org.intarsia.engine.logits;

import java.util.Arrays;

/** Changes the scores of the next token before one is chosen, by sampling or greedily. */
@FunctionalInterface
public interface LogitsProcessor {

    /**
     * Changes the scores in place; negative infinity forbids a token.
     *
     * @param scores  one score for each allowed token
     * @param allowed the ids that may be chosen, ascending
     * @param history the tokens so far
     */
    void process(double[] scores, int[] allowed, TokenHistory history);

    /** Adds to the score of a token, where it is allowed. */
    static void add(double bias, int id, double[] scores, int[] allowed) {
        int place = Arrays.binarySearch(allowed, id);
        if (place >= 0) {
            scores[place] += bias;
        }
    }

    /** Forbids a token. */
    static void forbid(int id, double[] scores, int[] allowed) {
        add(Double.NEGATIVE_INFINITY, id, scores, allowed);
    }
}
