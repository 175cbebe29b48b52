package org.intarsia.engine.sampling;

import java.util.function.IntPredicate;

/**
 * Forbids the ends of text before there are enough tokens: {@code min_new_tokens}, or with the prompt {@code min_length}.
 *
 * @param tokens     how many there must be
 * @param withPrompt whether those of the prompt count
 * @param ends       tells the tokens that end a text
 */
record MinimumLength(int tokens, boolean withPrompt, IntPredicate ends) implements LogitsProcessor {

    @Override
    public void process(Candidates candidates, TokenHistory history) {
        if (history.size() - (withPrompt ? 0 : history.promptSize()) >= tokens) {
            return;
        }
        for (int i = 0; i < candidates.size(); i++) {
            if (ends.test(candidates.id(i))) {
                candidates.score(i, Double.NEGATIVE_INFINITY);
            }
        }
    }
}
