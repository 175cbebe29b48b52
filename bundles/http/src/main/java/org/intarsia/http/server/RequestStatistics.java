package org.intarsia.http.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Counts requests by endpoint and status, and how long they took. Safe for use by several threads. */
public final class RequestStatistics {
    /** Paths of endpoints; whatever else clients ask for counts as one, so that they cannot make up many. */
    private static final Pattern ENDPOINT = Pattern.compile("(/v1/(models|images/generations|images/edits|images/variations"
            + "|chat/completions|completions|responses|embeddings)|/intarsia/[a-z]{1,20}|/health|/metrics|/openapi\\.json)(/.*)?");

    /** Seconds that requests take at most; a picture of a large model takes minutes. */
    private static final double[] BOUNDS = {0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, Double.POSITIVE_INFINITY};

    /**
     * Requests that are counted together.
     *
     * @param endpoint its path; {@code other} for those of the page and all others
     * @param status   the answer's status
     */
    public record Key(String endpoint, int status) {
    }

    /** Count and times of one kind of request. */
    public static final class Count {
        private final LongAdder[] requests = Stream.generate(LongAdder::new).limit(BOUNDS.length).toArray(LongAdder[]::new);
        private final LongAdder nanos = new LongAdder();

        /** Returns the number of requests that took at most each of {@link #bounds}, and more than the one before. */
        public long[] requests() {
            return Stream.of(requests).mapToLong(LongAdder::sum).toArray();
        }

        /** The time that all of them took together. */
        public double seconds() {
            return nanos.sum() / 1e9;
        }
    }

    private final Map<Key, Count> counts = new ConcurrentHashMap<>();
    private int inFlight;

    synchronized void begin() {
        inFlight++;
    }

    void end(String path, int status, long nanos) {
        synchronized (this) {
            inFlight--;
            notifyAll();
        }
        Count count = counts.computeIfAbsent(new Key(endpoint(path), status), _ -> new Count());
        int bucket = 0;
        while (nanos > BOUNDS[bucket] * 1e9) {
            bucket++;
        }
        count.requests[bucket].increment();
        count.nanos.add(nanos);
    }

    private static String endpoint(String path) {
        var matcher = ENDPOINT.matcher(path);
        return matcher.matches() ? matcher.group(1) : "other";
    }

    /** Requests that are being answered, streams of events among them. */
    public synchronized int inFlight() {
        return inFlight;
    }

    /** Waits until no request is being answered, for some time at most. */
    synchronized void awaitEnd(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        try {
            for (long left = time.toMillis(); inFlight > 0 && left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Seconds by which the times of requests are counted; the last one is infinite. */
    public static double[] bounds() {
        return BOUNDS.clone();
    }

    public Map<Key, Count> counts() {
        return Map.copyOf(counts);
    }
}
