package org.intarsia.engine.sampling;

/**
 * Removes tokens that are less likely than a limit, but never the likeliest: {@code epsilon_cutoff}, or with a limit that
 * falls where many tokens are likely {@code eta_cutoff} (Hewitt et al., "Truncation sampling as language model desmoothing",
 * 2022).
 *
 * @param epsilon  the limit, above 0 and below 1
 * @param adaptive whether it falls with the entropy
 */
record ProbabilityCutoff(double epsilon, boolean adaptive) implements LogitsProcessor {

    @Override
    public void process(Candidates candidates, TokenHistory history) {
        candidates.normalize();
        double limit = adaptive ? Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-candidates.entropy())) : epsilon;
        candidates.keep(Math.min(limit, candidates.weights()[candidates.heaviest()]));
    }
}
