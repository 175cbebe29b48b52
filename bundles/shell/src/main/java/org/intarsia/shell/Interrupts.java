package org.intarsia.shell;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;

/** Tells a command that was interrupted from one that failed. */
final class Interrupts {
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
}
