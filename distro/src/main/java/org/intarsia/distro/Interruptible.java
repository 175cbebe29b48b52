package org.intarsia.distro;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Lets Ctrl-C interrupt the thread of a command, so that it ends by itself, with nothing half-written. A second Ctrl-C ends
 * the process at once. For a server SIGTERM, by which services are stopped, is the same.
 */
final class Interruptible {
    /** Shells say 128 and the number of the signal of what a signal has ended. */
    private static final int SIGNALLED = 128;

    private Interruptible() {
    }

    /**
     * Runs a command on this thread.
     *
     * @param terminable whether SIGTERM interrupts it, too; else that ends the process at once
     * @return its status, or 130 or 143 where Ctrl-C or SIGTERM interrupted it
     */
    static int run(IntSupplier command, boolean terminable) {
        Thread thread = Thread.currentThread();
        AtomicInteger interrupted = new AtomicInteger();
        SignalHandler handler = signal -> {
            int status = SIGNALLED + signal.getNumber();
            if (!interrupted.compareAndSet(0, status)) {
                Runtime.getRuntime().exit(status);
            }
            thread.interrupt();
        };
        Map<Signal, SignalHandler> former = new LinkedHashMap<>();
        for (String name : terminable ? List.of("INT", "TERM") : List.of("INT")) {
            Signal signal = new Signal(name);
            former.put(signal, Signal.handle(signal, handler));
            if (former.get(signal) == SignalHandler.SIG_IGN) {
                // Started in the background, where Ctrl-C means others.
                Signal.handle(signal, SignalHandler.SIG_IGN);
            }
        }
        try {
            int status = command.getAsInt();
            return interrupted.get() == 0 ? status : interrupted.get();
        } finally {
            former.forEach(Signal::handle);
            // The framework is stopped on this thread next.
            Thread.interrupted();
        }
    }
}
