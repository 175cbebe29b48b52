package org.intarsia.engine.sampling;

/**
 * Divides positive scores of tokens that were there before, and multiplies negative ones: {@code repetition_penalty}, over
 * the prompt and what was chosen; or, over the prompt alone and the other way round, {@code encoder_repetition_penalty}.
 *
 * @param penalty    above 0; more than 1 makes these tokens less likely
 * @param promptOnly whether only tokens of the prompt count
 */
record RepetitionPenalty(double penalty, boolean promptOnly) implements LogitsProcessor {

    /** {@code repetition_penalty}. */
    RepetitionPenalty(double penalty) {
        this(penalty, false);
    }

    /** {@code encoder_repetition_penalty}: more than 1 makes tokens of the prompt more likely. */
    static RepetitionPenalty ofPrompt(double penalty) {
        return new RepetitionPenalty(1 / penalty, true);
    }

    @Override
    public void process(Candidates candidates, TokenHistory history) {
        for (int i = 0; i < candidates.size(); i++) {
            int id = candidates.id(i);
            if (promptOnly ? history.promptContains(id) : history.contains(id)) {
                double score = candidates.score(i);
                candidates.score(i, score < 0 ? score * penalty : score / penalty);
            }
        }
    }
}
