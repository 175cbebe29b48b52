package org.intarsia.backend.cpu;

import java.util.Arrays;

/**
 * x · weightᵀ for rows of x that are rounded to 8 bits, with {@link ShortPackedWeights}, where
 * {@link org.intarsia.backend.api.Precision#FAST} allows it. A row has the same bits alone and beside any number of others.
 */
final class ShortPackedProduct implements Step {
    /** Weights that are worth a task of their own. */
    private static final long GRAIN_WEIGHTS = 1 << 15;
    /** Rows of x for which weights are unpacked once. */
    private static final int PASS = 64;

    private final ShortPackedWeights weights;
    private final int rows;
    private final int columns;
    private final int inner;
    private final long x;
    private final long result;
    private final long rounded;
    private final long scales;
    private final long sums;

    /** @param room has memory for the rounded rows, which no other step uses at the same time */
    ShortPackedProduct(ShortPackedWeights weights, int rows, int columns, int inner, long x, long result, RoundedRows room) {
        this.weights = weights;
        this.rows = rows;
        this.columns = columns;
        this.inner = inner;
        this.x = x;
        this.result = result;
        this.rounded = room.room(2L * rows * inner + 2 * rows * factorBytes());
        this.scales = rounded + 2L * rows * inner;
        this.sums = scales + rows * factorBytes();
    }

    private long factorBytes() {
        return 4L * (inner / VectorPackedDots.ROUNDED);
    }

    @Override
    public void run(ThreadTeam team) {
        weights.pack(team);
        team.split(rows, Math.max(1, GRAIN_WEIGHTS / inner), (first, last, worker) -> {
            for (long row = first; row < last; row++) {
                VectorPackedDots.round(x + 4 * row * inner, inner, rounded + 2 * row * inner, scales + row * factorBytes(),
                        sums + row * factorBytes());
            }
        });
        long grain = Math.max(1, GRAIN_WEIGHTS / ((long) ShortPackedWeights.ROWS * inner));
        team.split(weights.groups(), grain, (begin, end, worker) -> {
            for (long group = begin; group < end; group++) {
                for (int first = 0; first < rows; first += PASS) {
                    group((int) group, first, Math.min(PASS, rows - first), worker);
                }
            }
        });
    }

    private void group(int group, int first, int count, Worker worker) {
        float[] tile = worker.tile();
        if (count == 1) {
            VectorPackedDots.dot(weights, weights.group(group), rounded + 2L * first * inner, scales + first * factorBytes(),
                    sums + first * factorBytes(), tile, 0);
        } else {
            unpacked(group, first, count, worker);
        }
        int column = group * ShortPackedWeights.ROWS;
        int width = Math.min(ShortPackedWeights.ROWS, columns - column);
        for (int row = 0; row < count; row++) {
            long to = result + 4L * ((long) (first + row) * columns + column);
            for (int lane = 0; lane < width; lane++) {
                Memory.putFloat(to + 4L * lane, tile[row * ShortPackedWeights.ROWS + lane]);
            }
        }
    }

    /** Each weight is read from memory and unpacked once, for all these rows. */
    private void unpacked(int group, int firstRow, int count, Worker worker) {
        float[] tile = worker.tile();
        int offsets = count * ShortPackedWeights.ROWS;
        Arrays.fill(tile, 0, 2 * offsets, 0);
        long chunk = worker.scratch(VectorPackedDots.chunkBytes());
        int blocks = inner / VectorPackedDots.ROUNDED;
        for (int first = 0; first < blocks; first += VectorPackedDots.CHUNK) {
            int length = Math.min(VectorPackedDots.CHUNK, blocks - first);
            VectorPackedDots.unpack(weights, weights.group(group), first, length, chunk);
            for (int row = 0; row < count; row++) {
                int at = row * ShortPackedWeights.ROWS;
                long factors = (firstRow + row) * factorBytes() + 4L * first;
                VectorPackedDots.addOffsets(weights.encoding(), chunk, length, sums + factors, tile, offsets + at);
                if (row % 2 == 0) {
                    // The last one of an odd number is its own neighbour.
                    int step = Math.min(1, count - 1 - row);
                    VectorPackedDots.addDots(weights.encoding(), chunk, length,
                            rounded + 2L * ((long) (firstRow + row) * inner + (long) first * VectorPackedDots.ROUNDED), 2L * inner * step,
                            scales + factors, factorBytes() * step, tile, at, at + step * ShortPackedWeights.ROWS);
                }
            }
        }
        for (int row = 0; row < count; row++) {
            VectorPackedDots.join(tile, row * ShortPackedWeights.ROWS, offsets + row * ShortPackedWeights.ROWS);
        }
    }
}
