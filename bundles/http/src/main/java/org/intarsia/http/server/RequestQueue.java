package org.intarsia.http.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Request.Priority;
import org.intarsia.http.Admission;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpException;

/** Admits requests in the order of their priorities, and then in the order in which they came. Safe for use by several threads. */
final class RequestQueue implements Admission {
    /** The share of the last request in the mean of their times. */
    private static final double WEIGHT = 0.2;
    private static final int LONGEST_RETRY = 60;
    private static final int STOPPING_RETRY = 5;

    private final int mostRunning;
    private final int mostWaiting;
    /** In the order in which they begin, the next one in front. */
    private final List<Place> waiting = new ArrayList<>();
    private final Set<Place> running = new HashSet<>();
    private boolean stopping;
    private double meanSeconds = Double.NaN;

    RequestQueue(int mostRunning, int mostWaiting) {
        this.mostRunning = mostRunning;
        this.mostWaiting = mostWaiting;
    }

    @Override
    public Ticket take(Exchange exchange, Priority priority, Consumer<Waiting> progress) {
        Place own = new Place(priority);
        boolean admitted = false;
        try {
            int place = enter(own);
            if (place > 0) {
                exchange.onGone(this::wakeAll);
            }
            while (place > 0) {
                // Without the lock: the one who hears it may be slow.
                progress.accept(new Waiting(place, estimate(place)));
                place = awaitChange(own, place, exchange);
            }
            admitted = true;
            return own;
        } finally {
            if (!admitted) {
                own.close();
            }
        }
    }

    /** Returns the place in the queue; 0 where it runs at once. */
    private synchronized int enter(Place own) {
        refuseWhileStopping();
        if (running.size() < mostRunning && waiting.isEmpty()) {
            run(own);
            return 0;
        }
        if (waiting.size() >= mostWaiting) {
            throw HttpException.busy(429, retrySeconds(), "the queue of this server is full: " + running.size()
                    + " requests run and " + waiting.size() + " wait; try again later");
        }
        int place = 0;
        while (place < waiting.size() && waiting.get(place).priority.compareTo(own.priority) >= 0) {
            place++;
        }
        waiting.add(place, own);
        // Those behind hear of it.
        notifyAll();
        return place + 1;
    }

    /** Waits until the place in the queue is another, and returns it; 0 where it runs now. */
    private synchronized int awaitChange(Place own, int told, Exchange exchange) {
        while (true) {
            refuseWhileStopping();
            exchange.checkGone();
            int place = waiting.indexOf(own) + 1;
            if (place == 1 && running.size() < mostRunning) {
                waiting.remove(own);
                run(own);
                notifyAll();
                return 0;
            }
            if (place != told) {
                return place;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while a request waited");
            }
        }
    }

    private synchronized OptionalDouble estimate(int place) {
        return Double.isNaN(meanSeconds) ? OptionalDouble.empty() : OptionalDouble.of(meanSeconds * place / mostRunning);
    }

    private int retrySeconds() {
        return (int) Math.clamp(Math.ceil(estimate(waiting.size() + 1).orElse(1)), 1, LONGEST_RETRY);
    }

    private void refuseWhileStopping() {
        if (stopping) {
            throw HttpException.busy(503, STOPPING_RETRY, "the server is stopping; try again when it is back");
        }
    }

    private void run(Place own) {
        own.begun = System.nanoTime();
        running.add(own);
    }

    private synchronized void wakeAll() {
        notifyAll();
    }

    synchronized int running() {
        return running.size();
    }

    synchronized int waiting() {
        return waiting.size();
    }

    /** Admits nobody any more, lets those that run end for some time, and then cancels them. */
    void stop(Duration grace) {
        synchronized (this) {
            stopping = true;
            notifyAll();
        }
        awaitEmpty(grace);
        Set<Place> left;
        synchronized (this) {
            left = Set.copyOf(running);
        }
        left.forEach(Place::cancel);
        awaitEmpty(Duration.ofSeconds(STOPPING_RETRY));
    }

    private synchronized void awaitEmpty(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        boolean interrupted = false;
        while (!running.isEmpty()) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0 || interrupted) {
                break;
            }
            try {
                wait(millis);
            } catch (InterruptedException e) {
                // Somebody has no patience.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A request that waits or runs. */
    private final class Place implements Ticket {
        private final Priority priority;
        /** The time at which it began to run; guarded by the queue. */
        private long begun;
        private Generation generation;
        private boolean cancelled;

        private Place(Priority priority) {
            this.priority = priority;
        }

        @Override
        public void cancelOnStop(Generation generation) {
            boolean late;
            synchronized (this) {
                this.generation = generation;
                late = cancelled;
            }
            if (late) {
                generation.cancel();
            }
        }

        private void cancel() {
            Generation known;
            synchronized (this) {
                cancelled = true;
                known = generation;
            }
            if (known != null) {
                known.cancel();
            }
        }

        @Override
        public synchronized void check() {
            if (cancelled) {
                throw HttpException.busy(503, STOPPING_RETRY, "the server is stopping and has cancelled this request; send it again"
                        + " when it is back");
            }
        }

        @Override
        public void close() {
            synchronized (RequestQueue.this) {
                if (running.remove(this)) {
                    double seconds = (System.nanoTime() - begun) / 1e9;
                    meanSeconds = Double.isNaN(meanSeconds) ? seconds : meanSeconds + WEIGHT * (seconds - meanSeconds);
                }
                waiting.remove(this);
                RequestQueue.this.notifyAll();
            }
        }
    }
}
