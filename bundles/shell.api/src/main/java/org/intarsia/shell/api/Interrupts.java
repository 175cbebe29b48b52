package org.intarsia.shell.api;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

/** Tells work that was interrupted from work that failed. */
public final class Interrupts {
    private Interrupts() {
    }

    /**
     * Returns the exception that a command ends with, or a {@link CancellationException} in its place where it is
     * only the consequence of an interrupt, such as a file that could not be read.
     */
    static Exception explained(Exception thrown) {
        if (thrown instanceof CancellationException && thrown.getMessage() != null) {
            return thrown;
        }
        boolean interrupted = Thread.currentThread().isInterrupted();
        for (Throwable cause = thrown; cause != null && !interrupted; cause = cause.getCause()) {
            interrupted = cause instanceof InterruptedException || cause instanceof InterruptedIOException
                    || cause instanceof ClosedByInterruptException || cause instanceof CancellationException;
        }
        if (!interrupted) {
            return thrown;
        }
        CancellationException cancelled = new CancellationException("interrupted");
        cancelled.initCause(thrown);
        return cancelled;
    }

    /**
     * Runs work that goes on where it was when the same command is given again.
     *
     * @throws CancellationException where it failed since its thread was interrupted; the message says that it goes on
     * @throws Exception where it failed otherwise
     */
    public static <T> T resumable(Callable<T> work) throws Exception {
        try {
            return work.call();
        } catch (RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                throw e;
            }
            CancellationException interrupted = new CancellationException("interrupted; the same command goes on from what is"
                    + " written so far");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
