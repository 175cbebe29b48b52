package org.intarsia.engine.sampling;

import java.util.List;

/**
 * Forbids tokens: {@code suppress_tokens}, or for the first token of an answer {@code begin_suppress_tokens}.
 *
 * @param ids       the forbidden tokens
 * @param firstOnly whether they are forbidden for the first token alone
 */
record SuppressTokens(List<Integer> ids, boolean firstOnly) implements LogitsProcessor {

    @Override
    public void process(Candidates candidates, TokenHistory history) {
        if (!firstOnly || history.size() == history.promptSize()) {
            ids.forEach(candidates::forbid);
        }
    }
}
