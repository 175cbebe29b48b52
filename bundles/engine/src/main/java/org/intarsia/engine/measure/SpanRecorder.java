package org.intarsia.engine.measure;

import java.util.Arrays;
import org.intarsia.engine.api.Metrics;

/** Remembers how long things took. Safe for use by several threads. */
final class SpanRecorder {
    private static final int KEPT = 1024;
    private static final double NANOS_PER_MILLI = 1e6;

    private final long[] last = new long[KEPT];
    private long count;
    private long longest;

    synchronized void add(long nanos) {
        last[(int) (count++ % KEPT)] = nanos;
        longest = Math.max(longest, nanos);
    }

    synchronized Metrics.Spans spans() {
        long[] sorted = Arrays.copyOf(last, (int) Math.min(count, KEPT));
        Arrays.sort(sorted);
        return new Metrics.Spans(count, quantile(sorted, 0.5), quantile(sorted, 0.99), longest / NANOS_PER_MILLI);
    }

    private static double quantile(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1] / NANOS_PER_MILLI;
    }
}
