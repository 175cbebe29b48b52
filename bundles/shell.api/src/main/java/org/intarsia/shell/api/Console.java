package org.intarsia.shell.api;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a command reads and writes while it works.
 *
 * @param in standard input
 * @param out standard output: text that streams; the result itself is returned and not printed here
 * @param err standard error: progress
 * @param terminal whether standard error is a terminal, so that progress is shown
 */
public record Console(InputStream in, PrintStream out, PrintStream err, boolean terminal) {
    /**
     * System property: {@code true} where standard error is a terminal; the launcher's script finds out. Variable of a
     * session, set where its standard output and error are one terminal.
     */
    public static final String TERMINAL = "intarsia.terminal";

    /** The console of a process. */
    public Console(InputStream in, PrintStream out, PrintStream err) {
        this(in, out, err, Boolean.getBoolean(TERMINAL));
    }

    /** A progress line on standard error, or one that shows nothing where that is not a terminal. */
    public Progress progress() {
        return new Progress(err, terminal);
    }
}
