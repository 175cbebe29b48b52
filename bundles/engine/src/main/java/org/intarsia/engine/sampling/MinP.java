package org.intarsia.engine.sampling;

/**
 * Keeps the tokens that are not much less likely than the likeliest: {@code min_p} (Nguyen et al., "Turning up the heat: min-p
 * sampling", 2024).
 *
 * @param share the share of the likeliest token's probability that others must reach, 0 to 1
 */
record MinP(double share) implements LogitsProcessor {

    @Override
    public void process(Candidates candidates, TokenHistory history) {
        candidates.keep(share * candidates.weights()[candidates.heaviest()]);
    }
}
