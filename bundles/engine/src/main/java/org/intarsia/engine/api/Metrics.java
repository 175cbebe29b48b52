package org.intarsia.engine.api;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the engine does, and what it has done since it started.
 *
 * @param inFlight        generations that run
 * @param waiting         those of them that wait for something that has left
 * @param queue           generations that wait for others to end, and work that waits for its turn on a device
 * @param finished        generations that have ended with answers, also those that were cancelled
 * @param failed          generations that have ended with an error
 * @param tokens          tokens that were chosen
 * @param tokensPerSecond tokens that were chosen in the last ten whole seconds, for each second
 * @param gaps            times from one token to the next within a generation, where nothing was swapped
 * @param pauses          the same, where backend or component were swapped between them
 * @param memory          by backend, device, bundle and version, the bytes held there now
 * @param leakedBytes     bytes that devices still held when all that we know of was closed; anything but 0 is a defect
 */
public record Metrics(int inFlight, int waiting, int queue, long finished, long failed, long tokens,
        double tokensPerSecond, Spans gaps, Spans pauses, SortedMap<String, Long> memory, long leakedBytes) {

    /**
     * How long something took. Quantiles are those of the last thousand or so, the rest is about all.
     *
     * @param count how often it happened
     * @param p50Ms half of them took at most so many milliseconds
     * @param p99Ms 99 of 100 took at most so many milliseconds
     * @param maxMs the longest, in milliseconds
     */
    public record Spans(long count, double p50Ms, double p99Ms, double maxMs) {
    }

    public Metrics {
        memory = Collections.unmodifiableSortedMap(new TreeMap<>(memory));
    }
}
