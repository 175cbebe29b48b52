package org.intarsia.shell;

import java.io.InputStream;
import java.io.PrintStream;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;

/**
 * Gogo's streams for each thread, over those that the process had before the first test. A job that a test has interrupted may end after
 * the test, and then sets the streams of the process to those of that test once more.
 */
final class GogoStreams {
    private static final InputStream IN = System.in;
    private static final PrintStream OUT = System.out;
    private static final PrintStream ERR = System.err;

    private GogoStreams() {
    }

    static ThreadIOImpl create() {
        System.setIn(IN);
        System.setOut(OUT);
        System.setErr(ERR);
        return new ThreadIOImpl();
    }
}
