package org.intarsia.shell;

import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import org.apache.felix.service.command.Job;
import org.intarsia.shell.api.Interrupts;

/**
 * The threads that run commands for Gogo, by the job that they belong to. An interrupt reaches them here: Gogo's own
 * {@link Job#interrupt} gives up waiting, so that the prompt comes back while a command still works.
 */
public final class RunningCommands {
    private static final long PAUSE_NANOS = 2_000_000;
    private static final Set<Call> CALLS = new HashSet<>();
    /** The exception that the last command of each thread threw, if it failed. */
    private static final ThreadLocal<Exception> THROWN = new ThreadLocal<>();
    /** Jobs that were interrupted: their further commands do not begin. */
    private static final Set<Job> INTERRUPTED = Collections.newSetFromMap(new WeakHashMap<>());

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
        THROWN.remove();
        Call call = new Call(job, Thread.currentThread());
        synchronized (CALLS) {
            if (INTERRUPTED.contains(job)) {
                throw new CancellationException("interrupted");
            }
            CALLS.add(call);
        }
        try {
            return command.call();
        } catch (Exception e) {
            THROWN.set(e);
            throw e;
        } finally {
            synchronized (CALLS) {
                CALLS.remove(call);
                // The interrupt was meant for the command; Gogo has yet to write what it gave.
                Thread.interrupted();
            }
        }
    }

    /** Returns the exception that the last command of this thread threw, if it failed. */
    public static Optional<Exception> thrown() {
        return Optional.ofNullable(THROWN.get());
    }

    /**
     * Interrupts every other thread that runs a command of the job, and lets no further command of it begin.
     *
     * @return whether there was such a thread
     */
    public static boolean interrupt(Job job) {
        boolean found = false;
        synchronized (CALLS) {
            INTERRUPTED.add(job);
            for (Call call : CALLS) {
                if (call.job() == job && call.thread() != Thread.currentThread()) {
                    call.thread().interrupt();
                    found = true;
                }
            }
        }
        return found;
    }

    /**
     * Interrupts a job in Gogo's own way, for tools that do not run by {@link #run}. Gogo never ends a job that is
     * interrupted before a thread has taken it up, so this waits until one has.
     */
    public static void interruptTools(Job job) {
        while (isRunning(job) && !isTakenUp(job)) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        if (isRunning(job)) {
            job.interrupt();
        }
    }

    private static boolean isRunning(Job job) {
        return job.status() != Job.Status.Done;
    }

    /** A process has its streams as soon as its thread runs, which the thread of its job has begun. */
    private static boolean isTakenUp(Job job) {
        return job.processes().stream().anyMatch(process -> process.out() != null);
    }
}
