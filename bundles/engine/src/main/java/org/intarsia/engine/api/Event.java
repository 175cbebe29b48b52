package org.intarsia.engine.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import org.intarsia.model.api.Image;

/**
 * News of a generation that runs; {@link #request} says which of the requests it is about, from 0.
 *
 * <p>For each request events come in this order: {@link Loading} where the model must be loaded; {@link Reading} with
 * nothing read; {@link Reading} with all read; then for each token of text a {@link TextPiece}, followed by the
 * {@link Token}s whose text is told by then; for each code of a picture a {@link PictureProgress}, at times followed by a
 * {@link Preview}, and behind its last one {@link PictureDone}; at last {@link Finished}. Codes that a redraw keeps are told
 * as soon as they are in the stream: those before the first cell that is drawn anew come before all is read. A request that
 * is cancelled still gives the text that was held back, and {@link Finished}. Events of several requests come mixed.
 */
public sealed interface Event {

    int request();

    /**
     * The model is loaded: its device is opened, its weights are brought there and its plans are compiled. Told before that
     * begins, and only where no device is open for the model yet.
     */
    record Loading(int request) implements Event {
    }

    /**
     * The part of the prompt that is read. Told twice: before the first token is scored, with {@code done} 0, and when all is
     * read. What is read again after a swap, and what guides a picture in the midst of text, is not told.
     *
     * @param done  tokens that are read
     * @param total tokens of {@link Answer#prompt}
     */
    record Reading(int request, int done, int total) implements Event {
    }

    /**
     * More text. Each token gives one, with nothing in it where a character is not whole yet, or where the text could still
     * become a {@linkplain Request#stop stop string}; the token that ends a text, or begins a picture, gives what was held
     * back, if anything.
     */
    record TextPiece(int request, String text) implements Event {
    }

    /**
     * A token of text with its log probability; told only where {@link Request#logprobs} asks for it, once its text is told.
     * The texts of all of them make the text of the answer. Tokens that end a text or begin a picture are left out, and so
     * are those that only belong to a stop string.
     *
     * @param id      the token
     * @param text    the text that it added; nothing where it is the first part of a character
     * @param logprob its natural log probability: the log-softmax of the model's scores over all tokens that may stand in
     *                text, before penalties, temperature and filters; empty where no other token was allowed, since nothing is
     *                scored then
     * @param top     the likeliest tokens by the same scores, best first, as many as {@link Request#logprobs} says
     * @param bytes   the bytes of its text; of a token that is a part of a character its own bytes, which are no UTF-8 alone.
     *                The bytes of all tokens make the bytes of the answer's text. Not to be changed
     */
    record Token(int request, int id, String text, OptionalDouble logprob, List<Alternative> top, byte[] bytes) implements Event {
        public Token {
            top = List.copyOf(top);
        }

        /** A token of whole characters. */
        public Token(int request, int id, String text, OptionalDouble logprob, List<Alternative> top) {
            this(request, id, text, logprob, top, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * The number of codes of a picture that are there, and of all.
     *
     * @param code the one that came last
     */
    record PictureProgress(int request, int codes, int total, int code) implements Event {
    }

    /** A picture as far as it has come; the rest is grey. Of a redraw only cells that are yet to be drawn are grey. */
    record Preview(int request, Image image) implements Event {
    }

    /** A picture is whole. */
    record PictureDone(int request, Image image) implements Event {
    }

    /** A request has its answer. */
    record Finished(int request, Answer answer) implements Event {
    }
}
