package org.intarsia.backend.cpu;

import java.lang.foreign.Arena;

/**
 * What one thread of a team has for itself: its number and scratch memory. Only that thread may use it, and what it
 * holds in scratch memory lasts no longer than one task.
 */
final class Worker {
    private static final long ALIGNMENT = 64;
    /** The largest tile, 6 × 4 or 8 × 2 vectors of at most 64 floats. */
    private static final int TILE = 24 * 64;

    private final int index;
    private final float[] tile = new float[TILE];
    private Arena arena;
    private long address;
    private long capacity;

    Worker(int index) {
        this.index = index;
    }

    /** 0 is the thread that calls the team. */
    int index() {
        return index;
    }

    float[] tile() {
        return tile;
    }

    /** The address of at least {@code bytes} bytes, aligned for vectors; a later call may give other memory. */
    long scratch(long bytes) {
        if (bytes > capacity) {
            close();
            long grown = Math.max(bytes + bytes / 2, 1 << 16);
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
