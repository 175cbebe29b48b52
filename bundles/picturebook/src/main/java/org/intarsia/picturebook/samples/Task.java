package org.intarsia.picturebook.samples;

/** What a {@link Sample} teaches. */
public enum Task {
    /** Sentence → picture. */
    IMAGINE,
    /** Picture → the sentence that says all about it. */
    DESCRIBE,
    /** Picture and question → answer. */
    ANSWER,
    /** Picture and instruction → picture. */
    EDIT
}
