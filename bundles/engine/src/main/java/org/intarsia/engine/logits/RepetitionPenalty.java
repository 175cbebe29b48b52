package org.intarsia.engine.logits;

/**
 * Divides positive scores of tokens that were there before, and multiplies negative ones: {@code repetition_penalty}, over
 * the prompt and what was chosen; or, over the prompt alone and the other way round, {@code encoder_repetition_penalty}.
 *
 * @param penalty    above 0; more than 1 makes these tokens less likely
 * @param promptOnly whether only tokens of the prompt count
 */
public record RepetitionPenalty(double penalty, boolean promptOnly) implements LogitsProcessor {

    /** {@code repetition_penalty}. */
    public RepetitionPenalty(double penalty) {
        this(penalty, false);
    }

    /** {@code encoder_repetition_penalty}: more than 1 makes tokens of the prompt more likely. */
    static RepetitionPenalty ofPrompt(double penalty) {
        return new RepetitionPenalty(1 / penalty, true);
    }

    @Override
    public void process(double[] scores, int[] allowed, TokenHistory history) {
        for (int i = 0; i < scores.length; i++) {
            if (promptOnly ? history.promptContains(allowed[i]) : history.contains(allowed[i])) {
                scores[i] = scores[i] < 0 ? scores[i] * penalty : scores[i] / penalty;
            }
        }
    }
}
