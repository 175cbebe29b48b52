package org.intarsia.remote.hosts;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/** Measures how fast all processors together read memory. */
final class MemoryBandwidth {
    /** More than the caches of most machines hold. */
    private static final long BYTES = 256L << 20;
    private static final int ROUNDS = 3;
    private static final int LANES = 4;

    private MemoryBandwidth() {
    }

    /** Returns bytes a second, the best of three rounds; takes about half a second, and 256 MiB outside of the heap meanwhile. */
    static double measure() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(BYTES, Long.BYTES);
            int parts = Runtime.getRuntime().availableProcessors();
            long each = BYTES / parts / (LANES * Long.BYTES) * LANES * Long.BYTES;
            double best = 0;
            long sum = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long begun = System.nanoTime();
                sum += IntStream.range(0, parts).parallel().mapToLong(part -> sum(memory.asSlice(part * each, each))).sum();
                best = Math.max(best, parts * each * 1e9 / (System.nanoTime() - begun));
            }
            // The memory is zero; asking keeps the compiler from leaving the reading out.
            return sum == 0 ? best : 0;
        }
    }

    private static long sum(MemorySegment memory) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        long count = memory.byteSize() / Long.BYTES;
        for (long i = 0; i < count; i += LANES) {
            a += memory.getAtIndex(ValueLayout.JAVA_LONG, i);
            b += memory.getAtIndex(ValueLayout.JAVA_LONG, i + 1);
            c += memory.getAtIndex(ValueLayout.JAVA_LONG, i + 2);
            d += memory.getAtIndex(ValueLayout.JAVA_LONG, i + 3);
        }
        return a + b + c + d;
    }
}
