package org.intarsia.distro;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Lets Ctrl-C interrupt the thread of a command, so that it ends by itself, with nothing half-written. A second Ctrl-C ends
 * the process at once.
 */
final class Interruptible {
    /** As shells say of what SIGINT has ended. */
    private static final int INTERRUPTED = 130;

    private Interruptible() {
    }

    /**
     * Runs a command on this thread.
     *
     * @return its status, or 130 where it was interrupted
     */
    static int run(IntSupplier command) {
        Signal signal = new Signal("INT");
        Thread thread = Thread.currentThread();
        AtomicBoolean interrupted = new AtomicBoolean();
        SignalHandler former = Signal.handle(signal, number -> {
            if (interrupted.getAndSet(true)) {
                Runtime.getRuntime().exit(INTERRUPTED);
            }
            thread.interrupt();
        });
        if (former == SignalHandler.SIG_IGN) {
            // Started in the background, where Ctrl-C means others.
            Signal.handle(signal, SignalHandler.SIG_IGN);
        }
        try {
            int status = command.getAsInt();
            return interrupted.get() ? INTERRUPTED : status;
        } finally {
            Signal.handle(signal, former);
            // The framework is stopped on this thread next.
            Thread.interrupted();
        }
    }
}
