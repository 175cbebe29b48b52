package org.intarsia.shell;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.felix.service.command.Job;
import org.intarsia.shell.api.Interrupts;

/**
 * The threads that run commands for Gogo, by the job that they belong to. An interrupt reaches them here: Gogo's own
 * {@link Job#interrupt} gives up waiting, so that the prompt comes back while a command still works.
 */
final class RunningCommands {
    private static final Set<Call> CALLS = new HashSet<>();

    /** @param job the job at the top, which a line that was typed began */
    private record Call(Job job, Thread thread) {
    }

    private RunningCommands() {
    }

    /** Runs a command on this thread. */
    static <T> T run(Callable<T> command) throws Exception {
        Job job = Job.Utils.current();
        if (job == null) {
            return command.call();
        }
        Call call = new Call(job, Thread.currentThread());
        synchronized (CALLS) {
            CALLS.add(call);
        }
        try {
            return command.call();
        } finally {
            synchronized (CALLS) {
                CALLS.remove(call);
                // The interrupt was meant for the command; Gogo has yet to write what it gave.
                Thread.interrupted();
            }
        }
    }

    /**
     * Interrupts every other thread that runs a command of the job.
     *
     * @return whether there was one
     */
    static boolean interrupt(Job job) {
        boolean found = false;
        synchronized (CALLS) {
            for (Call call : CALLS) {
                if (call.job() == job && call.thread() != Thread.currentThread()) {
                    call.thread().interrupt();
                    found = true;
                }
            }
        }
        return found;
    }
}
