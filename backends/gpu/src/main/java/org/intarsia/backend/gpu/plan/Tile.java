package org.intarsia.backend.gpu.plan;

import org.intarsia.backend.gpu.CooperativeMatrix;
import org.intarsia.backend.gpu.KernelSource;

/** The part of a product that one group of threads computes. */
record Tile(int rows, int columns) {
    /** Subgroups of a group where these multiply cooperative matrices. */
    static final int SUBGROUPS = 4;
    private static final int NARROW = 32;

    /** Always as large, but long where the product is narrow: for a product of at most so many rows and columns; of named sizes the bound counts, since kernels depend on it. */
    static Tile of(long rows, long columns) {
        if (rows <= NARROW) {
            return new Tile(NARROW, 4 * NARROW);
        }
        return columns <= NARROW ? new Tile(4 * NARROW, NARROW) : new Tile(2 * NARROW, 2 * NARROW);
    }

    /** What a group of {@value #SUBGROUPS} subgroups computes by cooperative matrices: 2 × 2 subgroups with 2 × 4 each. */
    static Tile of(CooperativeMatrix matrix) {
        return new Tile(4 * matrix.rows(), 8 * matrix.columns());
    }

    KernelSource in(KernelSource source) {
        return source.with("TILE_ROWS", rows).with("TILE_COLUMNS", columns);
    }
}
