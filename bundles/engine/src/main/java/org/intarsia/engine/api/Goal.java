package org.intarsia.engine.api;

/** What a request shall give. */
public enum Goal {
    /** One new picture. */
    PICTURE,
    /** Text that answers what was handed in. */
    ANSWER,
    /** Text that goes on where the text that was handed in ends. */
    CONTINUATION,
    /** An answer of text and pictures: where the model begins a picture, one follows, and then more text. */
    INTERLEAVED
}
