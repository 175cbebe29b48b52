package org.intarsia.engine.scheduler;

import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore.Head;

/** The scores that somebody waits for: those behind all tokens of a stream, and behind some that may follow. */
final class Asked {
    private final TokenRow row;
    private final Head head;
    private final int[] proposed;
    private float[][] scores;

    Asked(TokenRow row, Head head, int[] proposed) {
        this.row = row;
        this.head = head;
        this.proposed = proposed;
    }

    TokenRow row() {
        return row;
    }

    Head head() {
        return head;
    }

    int[] proposed() {
        return proposed;
    }

    boolean isAnswered() {
        return scores != null;
    }

    /** By place and id; null until they are there. */
    float[][] scores() {
        return scores;
    }

    void answer(float[][] computed) {
        scores = computed;
    }
}
