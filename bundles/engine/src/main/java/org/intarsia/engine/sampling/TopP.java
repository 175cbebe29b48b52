package org.intarsia.engine.sampling;

import java.util.Arrays;

/**
 * Keeps the likeliest tokens that have a share of the probability together: {@code top_p} (Holtzman et al., "The curious case of
 * neural text degeneration", 2019).
 *
 * @param share above 0 and at most 1
 */
record TopP(double share) implements LogitsProcessor {

    @Override
    public void process(Candidates candidates, TokenHistory history) {
        candidates.keep(least(candidates.weights().clone()));
    }

    /** The least weight that stays when the lightest tokens that make up 1 − share together are dropped. */
    private double least(double[] weights) {
        Arrays.sort(weights);
        double drop = (1 - share) * Arrays.stream(weights).sum();
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
            if (sum > drop) {
                return weight;
            }
        }
        return weights[weights.length - 1];
    }
}
