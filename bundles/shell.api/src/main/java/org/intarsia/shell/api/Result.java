package org.intarsia.shell.api;

import java.util.Optional;

/**
 * What a command returns: a typed value for programs, and the same thing in words for people.
 *
 * @param value a record, list or map that stands for the result; {@code --json} prints it as one JSON line
 * @param text the lines that a person reads, without a line break at the end; empty where the command has already
 *     printed while it worked
 * @param failure why the command has failed although there is a result, in one sentence; usually nothing
 */
public record Result(Object value, String text, Optional<String> failure) {
    /** What a command that has done its work returns. */
    public Result(Object value, String text) {
        this(value, text, Optional.empty());
    }

    @Override
    public String toString() {
        return text;
    }
}
