package org.intarsia.backend.cpu.host;

import java.lang.foreign.Arena;

/**
 * What one thread of a team has for itself: its number and scratch memory. Only that thread may use it, and what it
 * holds in scratch memory lasts no longer than one task.
 */
public final class Worker {
    private static final long ALIGNMENT = 64;
    /** The largest tile, 4 × 4 vectors twice, of at most 64 floats. */
    private static final int TILE = 32 * 64;

    private final int index;
    private final float[] tile = new float[TILE];
    private float[] sums = new float[0];
    private final Scratch tiles = new Scratch();
    private final Scratch rows = new Scratch();

    /** Makes the worker of one thread, with this number in its team. */
    public Worker(int index) {
        this.index = index;
    }

    /** 0 is the thread that calls the team. */
    int index() {
        return index;
    }

    /** Returns the sums of a tile, as many as the largest takes. */
    public float[] tile() {
        return tile;
    }

    /** At least {@code count} floats for sums that are added to piece by piece. */
    public float[] sums(int count) {
        if (sums.length < count) {
            sums = new float[count];
        }
        return sums;
    }

    /** The address of at least {@code bytes} bytes for {@code Gemm}; a later call may give other memory. */
    public long panels(long bytes) {
        return tiles.address(bytes);
    }

    /** The same for everything else, so that a step can multiply what it has put there. */
    public long scratch(long bytes) {
        return rows.address(bytes);
    }

    void close() {
        tiles.close();
        rows.close();
    }

    private static final class Scratch {
        private Arena arena;
        private long address;
        private long capacity;

        long address(long bytes) {
            if (bytes > capacity) {
                close();
                long grown = Math.max(bytes + bytes / 4, 1 << 16);
                // Shared, because the team's owner closes it from another thread.
                arena = Arena.ofShared();
                address = arena.allocate(grown, ALIGNMENT).address();
                capacity = grown;
            }
            return address;
        }

        void close() {
            if (arena != null) {
                arena.close();
                arena = null;
                capacity = 0;
            }
        }
    }
}
