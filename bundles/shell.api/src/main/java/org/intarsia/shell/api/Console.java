package org.intarsia.shell.api;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a command reads and writes while it works.
 *
 * @param in standard input
 * @param out standard output: text that streams; the result itself is returned and not printed here
 * @param err standard error: progress
 */
public record Console(InputStream in, PrintStream out, PrintStream err) {
    /** System property: {@code true} where standard error is a terminal; the launcher's script finds out. */
    static final String TERMINAL = "intarsia.terminal";

    /** A progress line on standard error, or one that shows nothing where that is not a terminal. */
    public Progress progress() {
        return new Progress(err, Boolean.getBoolean(TERMINAL));
    }
}
