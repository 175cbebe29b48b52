package org.intarsia.engine.sampling;

import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.model.api.TokenRow;

/** The tokens of one request so far: its prompt, then what was chosen. Not safe for use by several threads. */
public final class TokenHistory {
    private final TokenRow tokens = new TokenRow();
    private final BitSet present = new BitSet();
    private final BitSet prompted = new BitSet();
    private final Map<Integer, Integer> chosen = new HashMap<>();
    private final int promptSize;

    /** Begins with the tokens of the prompt. */
    public TokenHistory(List<Integer> prompt) {
        prompt.forEach(id -> {
            tokens.add(id);
            prompted.set(id);
        });
        present.or(prompted);
        promptSize = prompt.size();
    }

    /** Adds a chosen token. */
    public void add(int id) {
        tokens.add(id);
        present.set(id);
        chosen.merge(id, 1, Integer::sum);
    }

    /** Returns how many tokens there are, those of the prompt included. */
    public int size() {
        return tokens.size();
    }

    /** Returns a token, counted from 0, the first of the prompt. */
    public int at(int index) {
        return tokens.at(index);
    }

    int promptSize() {
        return promptSize;
    }

    boolean contains(int id) {
        return present.get(id);
    }

    boolean promptContains(int id) {
        return prompted.get(id);
    }

    /** Returns how often each token was chosen, without the prompt. */
    Map<Integer, Integer> chosen() {
        return Collections.unmodifiableMap(chosen);
    }

    /** Returns whether the last tokens are the first {@code count} of a sequence. */
    boolean endsWith(int[] sequence, int count) {
        if (count > size()) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (at(size() - count + i) != sequence[i]) {
                return false;
            }
        }
        return true;
    }
}
