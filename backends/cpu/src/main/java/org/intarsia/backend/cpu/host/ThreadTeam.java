package org.intarsia.backend.cpu.host;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of threads that shares loops: the caller and {@code size - 1} workers take tasks by turns until none is
 * left. A task writes only what is its own, so who takes it does not change the result.
 *
 * <p>Inside a step, between {@link #enter} and {@link #leave}, idle workers spin for a moment before they sleep, since
 * the next loop is usually microseconds away; outside they sleep. A team of one runs everything on the caller. One
 * thread at a time may use a team.
 */
public final class ThreadTeam implements AutoCloseable {
    /** How long an idle thread spins before it sleeps, a little longer than a sleep and a waking take. */
    private static final long SPIN_NANOS = 50_000;

    /** One turn of a loop. */
    public interface Task {
        /** Runs one turn on the thread of this worker. */
        void run(int index, Worker worker);
    }

    /** A piece of a loop, from {@code first} up to but without {@code last}. */
    public interface RangeTask {
        /** Runs one piece on the thread of this worker. */
        void run(long first, long last, Worker worker);
    }

    /** A loop on its way. A worker that comes too late finds {@code next} used up and leaves it alone. */
    private static final class Loop {
        final Task task;
        final int count;
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger done = new AtomicInteger();
        final AtomicReference<Throwable> failure = new AtomicReference<>();

        Loop(Task task, int count) {
            this.task = task;
            this.count = count;
        }

        void work(Worker worker) {
            for (int index = next.getAndIncrement(); index < count; index = next.getAndIncrement()) {
                try {
                    if (failure.getPlain() == null) {
                        task.run(index, worker);
                    }
                } catch (Throwable thrown) {
                    // Handed to the caller, who waits for it in run().
                    failure.compareAndSet(null, thrown);
                } finally {
                    done.incrementAndGet();
                }
            }
        }
    }

    private final class Member implements Runnable {
        final Worker worker;
        final Thread thread;
        volatile boolean asleep;

        Member(int index) {
            worker = new Worker(index);
            thread = Thread.ofPlatform().daemon().name("intarsia-cpu-" + index).unstarted(this);
        }

        @Override
        public void run() {
            Loop last = null;
            while (!closed) {
                Loop loop = current;
                if (loop != null && loop != last) {
                    last = loop;
                    loop.work(worker);
                } else {
                    await(last);
                }
            }
        }

        private void await(Loop last) {
            long start = System.nanoTime();
            while (entered && System.nanoTime() - start < SPIN_NANOS) {
                if (current != last || closed) {
                    return;
                }
                Thread.onSpinWait();
            }
            asleep = true;
            // A loop that came before the flag was seen would wake nobody: look once more.
            if ((current == last || current == null) && !closed) {
                LockSupport.park(this);
            }
            asleep = false;
        }
    }

    private final Worker caller = new Worker(0);
    private final Member[] members;
    private volatile Loop current;
    private volatile boolean entered;
    private volatile boolean closed;

    /** Starts {@code size - 1} threads, which wait for a loop. */
    public ThreadTeam(int size) {
        members = new Member[size - 1];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member(i + 1);
            members[i].thread.start();
        }
    }

    /** Counts the threads, with the caller. */
    public int size() {
        return members.length + 1;
    }

    /** Begins a step: idle workers stay awake between its loops. */
    public void enter() {
        entered = true;
    }

    /** Ends a step: idle workers sleep. */
    public void leave() {
        entered = false;
        current = null;
    }

    /**
     * Runs the tasks 0 to {@code count - 1} and returns when all are done. What a task throws is thrown here, and the
     * tasks that have not begun by then are left out.
     */
    public void run(int count, Task task) {
        if (members.length == 0 || count == 1) {
            for (int index = 0; index < count; index++) {
                task.run(index, caller);
            }
            return;
        }
        Loop loop = new Loop(task, count);
        current = loop;
        for (Member member : members) {
            if (member.asleep) {
                LockSupport.unpark(member.thread);
            }
        }
        loop.work(caller);
        long start = System.nanoTime();
        while (loop.done.get() < count) {
            if (System.nanoTime() - start < SPIN_NANOS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        Throwable failure = loop.failure.get();
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }

    /**
     * Runs the pieces of 0 to {@code count}, each a multiple of {@code grain} long but for the last.
     *
     * @param grain the shortest piece that is worth a task of its own
     */
    public void split(long count, long grain, RangeTask task) {
        long pieces = Math.min(Math.ceilDiv(count, grain), 4L * size());
        if (members.length == 0 || pieces <= 1) {
            if (count > 0) {
                task.run(0, count, caller);
            }
            return;
        }
        long length = Math.ceilDiv(Math.ceilDiv(count, pieces), grain) * grain;
        run(Math.toIntExact(Math.ceilDiv(count, length)), (index, worker) ->
                task.run(index * length, Math.min(count, (index + 1) * length), worker));
    }

    /** Ends the threads and frees their memory; not while a loop runs. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        for (Member member : members) {
            LockSupport.unpark(member.thread);
            while (member.thread.isAlive()) {
                try {
                    member.thread.join();
                } catch (InterruptedException stop) {
                    interrupted = true;
                }
            }
            member.worker.close();
        }
        caller.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
