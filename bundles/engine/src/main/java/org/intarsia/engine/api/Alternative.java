package org.intarsia.engine.api;

import java.nio.charset.StandardCharsets;

/**
 * A token that could have been chosen.
 *
 * @param id      the token
 * @param text    the text that it would have added; a special token as the vocabulary spells it; with replacement characters
 *                where it is only a part of a character
 * @param logprob its natural log probability, as in {@link Event.Token}
 * @param bytes   its bytes, as in {@link Event.Token}; not to be changed
 */
public record Alternative(int id, String text, double logprob, byte[] bytes) {

    /** A token of whole characters. */
    public Alternative(int id, String text, double logprob) {
        this(id, text, logprob, text.getBytes(StandardCharsets.UTF_8));
    }
}
