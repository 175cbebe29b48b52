package org.intarsia.shell;

import java.io.InputStream;
import java.io.PrintStream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Process;

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
    static final String TERMINAL = "intarsia.terminal";

    /** The console of a process. */
    public Console(InputStream in, PrintStream out, PrintStream err) {
        this(in, out, err, Boolean.getBoolean(TERMINAL));
    }

    /**
     * The console of a command that Gogo runs. What goes to the terminal is written to it directly: Gogo's streams, by which
     * pipes and redirections go, are closed once their thread was interrupted.
     */
    static Console of(CommandSession session) {
        Process process = Process.Utils.current();
        if (process == null) {
            return new Console(session.getKeyboard(), session.getConsole(), System.err);
        }
        // A statement within another inherits where that one reads and writes.
        boolean direct = process.job().parent() == null;
        boolean terminal = session.get(TERMINAL) != null;
        return new Console(direct && process.isTty(0) ? session.getKeyboard() : process.in(),
                direct && process.isTty(1) ? session.getConsole() : process.out(),
                direct && process.isTty(2) && terminal ? session.getConsole() : process.err(),
                process.isTty(2) && (terminal || Boolean.getBoolean(TERMINAL)));
    }

    /** A progress line on standard error, or one that shows nothing where that is not a terminal. */
    public Progress progress() {
        return new Progress(err, terminal);
    }
}
