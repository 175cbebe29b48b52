package org.intarsia.backend.cpu;

import org.intarsia.graph.Encoding;

/**
 * x · weightᵀ for a few rows of x, as generating one token needs it: bound by memory, so each weight is read once, in
 * place, for all rows.
 */
final class SkinnyProduct implements Step {
    /** Rows of weights, and rows of x, that one pass works on. */
    private static final int TILE = 4;
    /** Weights that are worth a task of their own. */
    private static final long GRAIN_WEIGHTS = 1 << 15;

    private final Kernels kernels;
    private final int rows;
    private final int columns;
    private final int inner;
    private final Encoding encoding;
    private final long[] x;
    private final long[] weight;
    private final long[] result;

    SkinnyProduct(Kernels kernels, int rows, int columns, int inner, Encoding encoding, long[] x, long[] weight, long[] result) {
        this.kernels = kernels;
        this.rows = rows;
        this.columns = columns;
        this.inner = inner;
        this.encoding = encoding;
        this.x = x;
        this.weight = weight;
        this.result = result;
    }

    @Override
    public void run(ThreadTeam team) {
        long strips = Math.ceilDiv(columns, TILE);
        long grain = Math.max(1, GRAIN_WEIGHTS / ((long) TILE * inner));
        team.split(strips * result.length, grain, (first, last, worker) -> {
            for (long strip = first; strip < last; strip++) {
                int batch = (int) (strip / strips);
                int column = (int) (strip % strips) * TILE;
                strip(worker, batch, column, Math.min(TILE, columns - column));
            }
        });
    }

    private void strip(Worker worker, int batch, int column, int count) {
        long from = weight[batch] + encoding.bytes((long) column * inner);
        if (encoding != Encoding.F32) {
            long decoded = worker.scratch(4L * TILE * inner);
            kernels.tiles().decode(encoding, from, decoded, count * inner);
            from = decoded;
        }
        for (int row = 0; row < rows; row += TILE) {
            kernels.rows().dots(count, from, 4L * inner, Math.min(TILE, rows - row), x[batch] + 4L * row * inner, 4L * inner, inner,
                    result[batch] + 4L * ((long) row * columns + column), 4L * columns, worker.tile());
        }
    }
}
