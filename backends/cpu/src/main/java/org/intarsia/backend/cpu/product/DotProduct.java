package org.intarsia.backend.cpu.product;

import java.util.Optional;
import org.intarsia.backend.cpu.code.HalfDots;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.host.Worker;
import org.intarsia.backend.cpu.kernel.RowKernels;
import org.intarsia.backend.cpu.step.Step;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.graph.Encoding;

/**
 * x · weightᵀ, where a row of the result has the same bits alone and beside any number of others: a dot product is one chain of
 * multiply-adds for each lane of a vector, along the row, and its lanes are added in one order; see {@link RowKernels#dots}.
 *
 * <p>Weights are read once, as they are stored. For a few rows of x, as generating a token needs it, they are decoded in registers,
 * and reading them is the bound. For more rows they are decoded piece by piece into the first-level cache, and the sums of all
 * lanes wait in an array until the next piece comes.
 */
final class DotProduct implements Step {
    /** Up to so many rows of x a product is worth summing in this order for the sake of equal bits alone. */
    static final int MOST_ROWS = 512;
    /** Rows of weights that one call works on. */
    private static final int QUAD = 4;
    /** Up to so many rows of x are few. */
    private static final int FEW = 8;
    /** Rows of weights that are worked on together with many rows of x, and rows of x. */
    private static final int COLUMNS = 4 * QUAD;
    private static final int ROWS = 256;
    /** Weights of a row that are decoded at a time: whole blocks of any encoding. */
    private static final int PIECE = 512;
    /** Up to so many passes over weights as they are stored were faster than decoding them once into memory. */
    private static final int PASSES = 3;
    /** Weights that are worth a task of their own. */
    private static final long GRAIN_WEIGHTS = 1 << 15;

    /** Bytes of weights of one call of machine code: they stay in the second-level cache until all rows of x are done with them. */
    private static final long CHUNK_BYTES = 1 << 18;

    private final Kernels kernels;
    private final Optional<HalfDots> code;
    private final int rows;
    private final int columns;
    private final int inner;
    private final Encoding encoding;
    private final long[] x;
    private final long[] weight;
    private final long[] result;
    /** Rows of x of one call. */
    private final int group;
    /** Rows of x that one pass over weights as they are stored takes; 0 where they are decoded first. */
    private final int stored;

    /** @param code multiplies few rows of x with the same bits as the kernels, where there is such code for the encoding */
    DotProduct(Kernels kernels, Optional<HalfDots> code, int rows, int columns, int inner, Encoding encoding, long[] x, long[] weight,
            long[] result) {
        this.kernels = kernels;
        this.code = code.filter(_ -> inner % HalfDots.COLUMNS == 0);
        this.rows = rows;
        this.columns = columns;
        this.inner = inner;
        this.encoding = encoding;
        this.x = x;
        this.weight = weight;
        this.result = result;
        this.group = kernels.rows().rowsOfDots();
        this.stored = encoding == Encoding.F32 ? group : kernels.rows().rowsStored(encoding);
    }

    @Override
    public void run(ThreadTeam team) {
        if (code.isPresent() ? rows <= PASSES * HalfDots.MOST : rows <= (encoding == Encoding.F32 ? stored : PASSES * stored)) {
            long quads = Math.ceilDiv(columns, QUAD);
            long grain = Math.max(1, GRAIN_WEIGHTS / ((long) QUAD * inner));
            long chunk = code.isPresent() ? Math.max(1, CHUNK_BYTES / (QUAD * encoding.bytes(inner))) : 1;
            team.split(quads * result.length, grain, (first, last, worker) -> {
                long count;
                for (long quad = first; quad < last; quad += count) {
                    int batch = (int) (quad / quads);
                    int column = (int) (quad % quads) * QUAD;
                    count = Math.min(Math.min(chunk, last - quad), Math.max(1, (columns - column) / QUAD));
                    if (code.isPresent() && columns - column >= QUAD) {
                        byCode(code.get(), batch, column, count);
                    } else {
                        inPlace(worker, batch, column, Math.min(QUAD, columns - column));
                    }
                }
            });
            return;
        }
        // With few rows of x, four decoded rows of weights leave the first-level cache to them.
        int width = rows <= FEW ? QUAD : COLUMNS;
        int strips = Math.ceilDiv(columns, width);
        int blocks = Math.ceilDiv(rows, ROWS);
        long grain = Math.max(1, GRAIN_WEIGHTS / ((long) width * inner));
        team.split((long) strips * blocks * result.length, grain, (begin, end, worker) -> {
            for (long task = begin; task < end; task++) {
                int batch = (int) (task / ((long) strips * blocks));
                int block = (int) (task / strips % blocks);
                int first = rows * block / blocks;
                int column = (int) (task % strips) * width;
                block(worker, batch, column, Math.min(width, columns - column), first, rows * (block + 1) / blocks - first);
            }
        });
    }

    /** Whole quads of rows of weights, in as few passes as there can be. */
    private void byCode(HalfDots code, int batch, int column, long quads) {
        long from = weight[batch] + column * encoding.bytes(inner);
        int passes = Math.ceilDiv(rows, HalfDots.MOST);
        for (int pass = 0; pass < passes; pass++) {
            int first = rows * pass / passes;
            code.multiply(pass > 0, rows * (pass + 1) / passes - first, from, x(batch, first), inner / HalfDots.COLUMNS, quads,
                    y(batch, first, column), 4L * columns);
        }
    }

    private void inPlace(Worker worker, int batch, int column, int count) {
        RowKernels kernels = this.kernels.rows();
        long weightRow = encoding.bytes(inner);
        long from = weight[batch] + column * weightRow;
        // As equal as possible.
        int passes = Math.ceilDiv(rows, stored);
        for (int pass = 0; pass < passes; pass++) {
            int first = rows * pass / passes;
            int height = rows * (pass + 1) / passes - first;
            if (encoding == Encoding.F32) {
                kernels.dots(count, from, weightRow, height, x(batch, first), 4L * inner, inner, y(batch, first, column), 4L * columns,
                        worker.tile());
            } else {
                kernels.storedDots(encoding, count, from, weightRow, height, x(batch, first), 4L * inner, inner, worker.tile());
                kernels.sumDots(count, height, worker.tile(), 0, y(batch, first, column), 4L * columns);
            }
        }
    }

    /** Some rows of weights with many rows of x. */
    private void block(Worker worker, int batch, int column, int count, int first, int height) {
        RowKernels kernels = this.kernels.rows();
        int quads = Math.ceilDiv(count, QUAD);
        float[] sums = worker.sums(Math.ceilDiv(height, group) * quads * kernels.dotsInTile());
        long decoded = worker.scratch(4L * COLUMNS * PIECE);
        for (int start = 0; start < inner; start += PIECE) {
            int length = Math.min(PIECE, inner - start);
            long from = weight[batch] + column * encoding.bytes(inner) + encoding.bytes(start);
            long weightRow = encoding.bytes(inner);
            if (encoding != Encoding.F32) {
                for (int i = 0; i < count; i++) {
                    this.kernels.tiles().decode(encoding, from + i * weightRow, decoded + 4L * PIECE * i, length);
                }
                from = decoded;
                weightRow = 4L * PIECE;
            }
            int at = 0;
            for (int row = 0; row < height; row += group) {
                for (int quad = 0; quad < count; quad += QUAD) {
                    kernels.addDots(start == 0, Math.min(QUAD, count - quad), from + quad * weightRow, weightRow,
                            Math.min(group, height - row), x(batch, first + row) + 4L * start, 4L * inner, length, sums, at);
                    at += kernels.dotsInTile();
                }
            }
        }
        int at = 0;
        for (int row = 0; row < height; row += group) {
            for (int quad = 0; quad < count; quad += QUAD) {
                kernels.sumDots(Math.min(QUAD, count - quad), Math.min(group, height - row), sums, at,
                        y(batch, first + row, column + quad), 4L * columns);
                at += kernels.dotsInTile();
            }
        }
    }

    private long x(int batch, int row) {
        return x[batch] + 4L * row * inner;
    }

    private long y(int batch, int row, int column) {
        return result[batch] + 4L * ((long) row * columns + column);
    }
}
