package org.intarsia.engine.decode;

import java.util.List;
import org.intarsia.engine.sampling.TokenHistory;

/**
 * Drafts what followed when the last tokens were there before, in the prompt or the answer, and checks the draft in one pass (Saxena,
 * "Prompt lookup decoding", 2023; Leviathan et al., "Fast inference from transformers via speculative decoding", 2023).
 *
 * <p>Each token is chosen as {@link Autoregressive} would choose it, with the same random number, by the scores behind the tokens
 * before it; the first that is not the drafted one ends the check. So the tokens are the same whatever is drafted, where the scores
 * behind a token do not depend on how many tokens a pass has.
 */
public final class PromptLookup implements DecodingLoop {
    /** Runs of last tokens that are looked for: the longest first. */
    private static final int LONGEST_RUN = 3;
    /** Behind a single token almost anything may follow. */
    private static final int SHORTEST_RUN = 2;
    private static final int[] NOTHING = {};

    private final int length;

    /** @param length the tokens of each draft, at least 1: always as many, so that one plan checks all */
    public PromptLookup(int length) {
        this.length = length;
    }

    @Override
    public int[] propose(TokenHistory history, int room) {
        if (length < room) {
            for (int run = LONGEST_RUN; run >= SHORTEST_RUN; run--) {
                for (int end = history.size() - 1; end >= run; end--) {
                    if (same(history, end, run)) {
                        return draft(history, end);
                    }
                }
            }
        }
        return NOTHING;
    }

    /** Returns the tokens that follow from there on; behind the end, what the draft begins with: there the text repeats itself. */
    private int[] draft(TokenHistory history, int from) {
        int[] draft = new int[length];
        for (int i = 0; i < length; i++) {
            int place = from + i;
            draft[i] = place < history.size() ? history.at(place) : draft[place - history.size()];
        }
        return draft;
    }

    /** Tells whether the tokens in front of {@code end} are the last ones. */
    private static boolean same(TokenHistory history, int end, int run) {
        for (int i = 1; i <= run; i++) {
            if (history.at(end - i) != history.at(history.size() - i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void accept(int[] proposed, List<float[]> logits, Target target) {
        boolean more = true;
        for (int i = 0; more && i < logits.size(); i++) {
            int id = target.choose(logits.get(i));
            more = target.accept(id, logits.get(i)) && i < proposed.length && id == proposed[i];
        }
    }
}
