package org.intarsia.backend.gpu.plan;

import org.intarsia.backend.gpu.KernelSource;

/** The part of a product that one group of 64 threads computes: always as large, but long where the product is narrow. */
record Tile(int rows, int columns) {
    private static final int NARROW = 32;

    /** For a product of at most so many rows and columns; of named sizes the bound counts, since kernels depend on it. */
    static Tile of(long rows, long columns) {
        if (rows <= NARROW) {
            return new Tile(NARROW, 4 * NARROW);
        }
        return columns <= NARROW ? new Tile(4 * NARROW, NARROW) : new Tile(2 * NARROW, 2 * NARROW);
    }

    KernelSource in(KernelSource source) {
        return source.with("TILE_ROWS", rows).with("TILE_COLUMNS", columns);
    }
}
