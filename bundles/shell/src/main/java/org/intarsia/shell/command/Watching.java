package org.intarsia.shell.command;

import java.util.concurrent.CancellationException;
import org.intarsia.shell.Progress;
import org.intarsia.weights.tool.Watcher;

/** Shows how far a tool for weights is, and ends it when its thread is interrupted. */
final class Watching {
    private Watching() {
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
