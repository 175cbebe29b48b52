package org.intarsia.engine.logits;

import java.util.Arrays;

/**
 * Removes tokens that are less likely than a limit, but never the likeliest: {@code epsilon_cutoff}, or with a limit that
 * falls where many tokens are likely {@code eta_cutoff} (Hewitt et al., "Truncation sampling as language model desmoothing",
 * 2022).
 *
 * @param epsilon  the limit, above 0 and below 1
 * @param adaptive whether it falls with the entropy
 */
record ProbabilityCutoff(double epsilon, boolean adaptive) implements LogitsWarper {

    @Override
    public void warp(double[] probabilities) {
        double limit = adaptive ? Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-Entropy.of(probabilities))) : epsilon;
        double best = Arrays.stream(probabilities).max().orElse(0);
        for (int i = 0; i < probabilities.length; i++) {
            if (probabilities[i] < limit && probabilities[i] < best) {
                probabilities[i] = 0;
            }
        }
    }
}
