package org.intarsia.shell.command;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.intarsia.shell.Progress;
import org.intarsia.weights.tool.Watcher;

/** Shows how far a tool for weights is, and ends it when its thread is interrupted. */
final class Watching {
    private Watching() {
    }

    /** Runs work that goes on where it was when the same command is given again. */
    static <T> T resumable(Callable<T> work) throws Exception {
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

    static Watcher on(Progress progress) {
        return (what, bytes, of) -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("the work on " + what + " was interrupted");
            }
            progress.show(Sizes.progress(what, bytes, of));
        };
    }
}
