package org.intarsia.engine.scheduler;

import org.intarsia.model.api.TransformerCore.Head;

/**
 * What one step reads of a stream.
 *
 * @param tokens   how many of its pending tokens
 * @param proposed tokens that may follow; each is scored, too. Only where all pending tokens are read
 * @param head     what is asked for
 */
record Piece(Sequence sequence, int tokens, int[] proposed, Head head) {

    /** Tokens that the step reads for it. */
    int size() {
        return tokens + proposed.length;
    }

    /** Whether the stream is read to its end, so that scores are known. */
    boolean isLast() {
        return tokens == sequence.pending();
    }

    /** Tokens that are scored. */
    int scored() {
        return isLast() ? 1 + proposed.length : 0;
    }
}
