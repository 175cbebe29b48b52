package org.intarsia.engine.api;

import org.intarsia.model.api.Image;

/** What a generation tells while it runs; {@link #request} says which of the requests it is about, from 0. */
public sealed interface Event {

    int request();

    /**
     * More text. Each token gives one, with nothing in it where a character is not whole yet; the token that ends a text, or
     * begins a picture, gives what was held back, if anything.
     */
    record TextPiece(int request, String text) implements Event {
    }

    /** How many codes of a picture are there, of how many. */
    record PictureProgress(int request, int codes, int total) implements Event {
    }

    /** A picture as far as it has come; the rest is grey. */
    record Preview(int request, Image image) implements Event {
    }

    /** A picture is whole. */
    record PictureDone(int request, Image image) implements Event {
    }

    /** A request has its answer. */
    record Finished(int request, Answer answer) implements Event {
    }
}
