package org.intarsia.shell.script;

import org.intarsia.shell.api.UsageException;

/** A text in which a quote or bracket is not closed. */
final class Unclosed extends UsageException {
    private static final long serialVersionUID = 1L;

    private final int line;

    /**
     * @param line    the line at which it opens, from 1
     * @param message the whole sentence
     */
    Unclosed(int line, String message) {
        super(message);
        this.line = line;
    }

    int line() {
        return line;
    }
}
