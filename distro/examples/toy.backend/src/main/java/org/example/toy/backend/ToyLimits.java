package org.example.toy.backend;

import org.intarsia.backend.api.Limits;

/** What plain Java does on one thread, measured for half a second each. */
final class ToyLimits {
    private static final long NANOS = 500_000_000;
    private static final int NEAR = 1 << 11;
    /** 64 MiB, more than caches hold. */
    private static final int FAR = 1 << 23;

    private ToyLimits() {
    }

    static Limits measure() {
        return new Limits(operations(), bytes());
    }

    /** Multiply-adds in an array that the nearest cache holds; each counts as two. */
    private static double operations() {
        double[] values = ToyBuffer.zeros(NEAR);
        long rounds = 0;
        long begin = System.nanoTime();
        long end = begin;
        while (end - begin < NANOS) {
            for (int i = 0; i < NEAR; i++) {
                values[i] = values[i] * 0.5 + 1;
            }
            rounds++;
            end = System.nanoTime();
        }
        return 2.0 * NEAR * rounds / (end - begin) * 1e9;
    }

    private static double bytes() {
        double[] from = ToyBuffer.zeros(FAR);
        double[] to = ToyBuffer.zeros(FAR);
        long copies = 0;
        long begin = System.nanoTime();
        long end = begin;
        while (end - begin < NANOS) {
            System.arraycopy(from, 0, to, 0, FAR);
            copies++;
            end = System.nanoTime();
        }
        return 2.0 * Double.BYTES * FAR * copies / (end - begin) * 1e9;
    }
}
