package org.intarsia.engine.api;

/**
 * A token that could have been chosen.
 *
 * @param id      the token
 * @param text    the text that it would have added; a special token as the vocabulary spells it; with replacement characters
 *                where it is only a part of a character
 * @param logprob its natural log probability, as in {@link Event.Token}
 */
public record Alternative(int id, String text, double logprob) {
}
