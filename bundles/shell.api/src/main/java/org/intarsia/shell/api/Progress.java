package org.intarsia.shell.api;

import java.io.PrintStream;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.intarsia.text.Quoted;

/**
 * One line on a terminal that says how far long work has come; closing it leaves no trace. May be called from any
 * thread and as often as one likes: it writes at most ten times a second.
 */
public final class Progress implements AutoCloseable {
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);
    /** Carriage return, then "erase to the end of the line". */
    private static final String REWIND = "\r\033[K";

    private final PrintStream terminal;
    private final boolean shown;
    private long last = System.nanoTime() - INTERVAL;
    private boolean dirty;

    Progress(PrintStream terminal, boolean shown) {
        this.terminal = terminal;
        this.shown = shown;
    }

    /** Replaces the line. */
    public synchronized void show(String line) {
        long now = System.nanoTime();
        if (shown && now - last >= INTERVAL) {
            last = now;
            dirty = true;
            terminal.print(REWIND + Quoted.line(line));
            terminal.flush();
        }
    }

    /**
     * Replaces the line by how far the work on some bytes has come.
     *
     * @param what  what is worked on
     * @param bytes how many are done
     * @param of    how many there are
     * @throws CancellationException where the thread was interrupted, so that the work ends
     */
    public void bytes(String what, long bytes, long of) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the work on " + what + " was interrupted");
        }
        show(Sizes.progress(what, bytes, of));
    }

    /** Erases the line. */
    @Override
    public synchronized void close() {
        if (dirty) {
            dirty = false;
            terminal.print(REWIND);
            terminal.flush();
        }
    }
}
