package org.intarsia.shell;

/**
 * What a command returns: a typed value for programs, and the same thing in words for people.
 *
 * @param value a record, list or map that stands for the result; {@code --json} prints it as one JSON line
 * @param text the lines that a person reads, without a line break at the end; empty where the command has already
 *     printed while it worked
 */
public record Result(Object value, String text) {
    @Override
    public String toString() {
        return text;
    }
}
