package org.intarsia.backend.cpu;

import org.intarsia.graph.Encoding;

/**
 * x · weightᵀ for a few rows of x, as generating one token needs it: bound by memory, so each weight is read from there
 * once, as it is stored, for all rows.
 */
final class SkinnyProduct implements Step {
    /** Rows of weights, and rows of x, that one pass works on. */
    private static final int TILE = 4;
    /** Weights of a row that are decoded at a time: whole blocks of any encoding. */
    private static final int PIECE = 512;
    /** Up to so many passes over weights as they are stored were faster than decoding them once into memory. */
    private static final int PASSES = 3;
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
        RowKernels kernels = this.kernels.rows();
        float[] tile = worker.tile();
        long row = encoding.bytes(inner);
        long from = weight[batch] + column * row;
        long to = result[batch] + 4L * column;
        if (encoding == Encoding.F32) {
            for (int first = 0; first < rows; first += TILE) {
                kernels.dots(count, from, row, Math.min(TILE, rows - first), x(batch, first), 4L * inner, inner, y(to, first),
                        4L * columns, tile);
            }
        } else if (rows <= PASSES * kernels.rowsStored(encoding)) {
            // As equal as possible.
            int passes = Math.ceilDiv(rows, kernels.rowsStored(encoding));
            for (int pass = 0; pass < passes; pass++) {
                int first = rows * pass / passes;
                int height = rows * (pass + 1) / passes - first;
                kernels.storedDots(encoding, count, from, row, height, x(batch, first), 4L * inner, inner, tile);
                kernels.sumDots(count, height, tile, 0, y(to, first), 4L * columns);
            }
        } else {
            decoded(worker, batch, count, from, row, to);
        }
    }

    /** Decodes so much at a time that it stays in the first-level cache until all rows of x are done with it. */
    private void decoded(Worker worker, int batch, int count, long from, long weightRow, long to) {
        RowKernels kernels = this.kernels.rows();
        long piece = worker.scratch(4L * TILE * PIECE);
        for (int start = 0; start < inner; start += PIECE) {
            int length = Math.min(PIECE, inner - start);
            for (int i = 0; i < count; i++) {
                this.kernels.tiles().decode(encoding, from + i * weightRow + encoding.bytes(start), piece + 4L * PIECE * i, length);
            }
            for (int first = 0; first < rows; first += TILE) {
                kernels.addDots(start == 0, count, piece, 4L * PIECE, Math.min(TILE, rows - first), x(batch, first) + 4L * start,
                        4L * inner, length, worker.tile(), first / TILE * kernels.dotsInTile());
            }
        }
        for (int first = 0; first < rows; first += TILE) {
            kernels.sumDots(count, Math.min(TILE, rows - first), worker.tile(), first / TILE * kernels.dotsInTile(), y(to, first),
                    4L * columns);
        }
    }

    private long x(int batch, int row) {
        return x[batch] + 4L * row * inner;
    }

    private long y(long firstRow, int row) {
        return firstRow + 4L * row * columns;
    }
}
