package org.intarsia.backend.cpu.product;

import java.util.Optional;
import java.util.function.Function;
import org.intarsia.backend.cpu.code.StoredDots;
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
 * and reading them is the bound. For more rows, machine code takes whole rows that are decoded into the second-level cache; without
 * it they are decoded piece by piece into the first-level cache, and the sums of all lanes wait in an array until the next piece comes.
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
    /** Weights that are worth a task of their own with few rows of x. */
    private static final long GRAIN_WEIGHTS = 1 << 15;
    /** Bytes of weights of one call of machine code: they stay in the second-level cache until all rows of x are done with them. */
    private static final long CHUNK_BYTES = 1 << 18;

    private final Kernels kernels;
    /** Multiplies few rows of x with weights as they are stored. */
    private final Optional<StoredDots> few;
    /** Multiplies any number of rows of x with weights that are decoded. */
    private final Optional<StoredDots> many;
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

    /** @param code multiplies weights of an encoding with the same bits as the kernels, where there is such code */
    DotProduct(Kernels kernels, Function<Encoding, Optional<StoredDots>> code, int rows, int columns, int inner, Encoding encoding,
            long[] x, long[] weight, long[] result) {
        this.kernels = kernels;
        boolean whole = inner % StoredDots.COLUMNS == 0;
        this.few = code.apply(encoding).filter(_ -> whole && rows <= PASSES * StoredDots.MOST);
        this.many = code.apply(Encoding.F32).filter(_ -> whole);
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
        if (few.isPresent() || rows <= mostInPlace()) {
            long chunk = few.isPresent() ? Math.max(1, CHUNK_BYTES / (QUAD * encoding.bytes(inner))) : 1;
            quads(team, chunk, (worker, batch, column, quads) -> {
                if (few.isPresent() && columns - column >= QUAD) {
                    byCode(few.get(), batch, column, quads, weight[batch] + column * encoding.bytes(inner), false);
                } else {
                    inPlace(worker, batch, column, Math.min(QUAD, columns - column));
                }
            });
            return;
        }
        if (many.isPresent()) {
            quads(team, Math.max(1, CHUNK_BYTES / (4L * QUAD * inner)), (worker, batch, column, quads) -> {
                if (columns - column >= QUAD) {
                    decodedByCode(worker, many.get(), batch, column, quads);
                } else {
                    block(worker, batch, column, columns - column, 0, rows);
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

    /** The most rows of x for which vectors decode weights in registers, in each pass anew. */
    private int mostInPlace() {
        if (encoding == Encoding.F32) {
            return stored;
        }
        // Decoded weights are multiplied so much faster by machine code that a second pass is not worth it.
        return many.isPresent() ? Math.min(stored, 1) : PASSES * stored;
    }

    /** Works on some quads of rows of weights: whole ones, or one that lacks rows. */
    private interface Quads {
        void run(Worker worker, int batch, int column, long quads);
    }

    /** Divides the quads among threads. */
    private void quads(ThreadTeam team, long chunk, Quads work) {
        long quads = Math.ceilDiv(columns, QUAD);
        long grain = Math.max(1, GRAIN_WEIGHTS * FEW / ((long) QUAD * inner * Math.max(FEW, rows)));
        team.split(quads * result.length, grain, (first, last, worker) -> {
            long count;
            for (long quad = first; quad < last; quad += count) {
                int batch = (int) (quad / quads);
                int column = (int) (quad % quads) * QUAD;
                count = Math.min(Math.min(chunk, last - quad), Math.max(1, (columns - column) / QUAD));
                work.run(worker, batch, column, count);
            }
        });
    }

    /** Whole quads of rows of weights, in as few passes as there can be. */
    private void byCode(StoredDots code, int batch, int column, long quads, long weights, boolean cached) {
        int passes = Math.ceilDiv(rows, StoredDots.MOST);
        for (int pass = 0; pass < passes; pass++) {
            int first = (int) ((long) rows * pass / passes);
            int height = (int) ((long) rows * (pass + 1) / passes) - first;
            code.multiply(cached || pass > 0, height, weights, x(batch, first), inner / StoredDots.COLUMNS, quads, y(batch, first, column),
                    4L * columns);
        }
    }

    /** The same for many rows of x: weights are decoded first, which the second-level cache then holds. */
    private void decodedByCode(Worker worker, StoredDots code, int batch, int column, long quads) {
        long from = weight[batch] + column * encoding.bytes(inner);
        if (encoding == Encoding.F32) {
            byCode(code, batch, column, quads, from, false);
            return;
        }
        int count = Math.toIntExact(QUAD * quads);
        long decoded = worker.scratch(4L * count * inner);
        kernels.tiles().decode(encoding, from, decoded, count * inner);
        byCode(code, batch, column, quads, decoded, true);
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
