package org.intarsia.backend.cpu;

import java.util.Arrays;

/**
 * x · weightᵀ for a few rows of x, which are rounded to 8 bits, with {@link ShortPackedWeights}: for one token of one or several
 * sequences, where {@link org.intarsia.backend.api.Precision#FAST} allows it.
 */
final class ShortPackedProduct implements Step {
    /** Weights that are worth a task of their own. */
    private static final long GRAIN_WEIGHTS = 1 << 15;

    private final ShortPackedWeights weights;
    private final int rows;
    private final int columns;
    private final int inner;
    private final long x;
    private final long result;
    private final long rounded;
    private final long scales;
    private final long sums;

    /** @param memory at least {@link #scratchBytes} that nobody else uses while the step runs */
    ShortPackedProduct(ShortPackedWeights weights, int rows, int columns, int inner, long x, long result, long memory) {
        this.weights = weights;
        this.rows = rows;
        this.columns = columns;
        this.inner = inner;
        this.x = x;
        this.result = result;
        this.rounded = memory;
        this.scales = memory + 2L * rows * inner;
        this.sums = scales + rows * factorBytes();
    }

    /** The memory that a step needs for the rounded rows of x. */
    static long scratchBytes(int rows, int inner) {
        return 2L * rows * inner + 2L * rows * 4 * (inner / VectorPackedDots.ROUNDED);
    }

    private long factorBytes() {
        return 4L * (inner / VectorPackedDots.ROUNDED);
    }

    @Override
    public void run(ThreadTeam team) {
        weights.pack(team);
        for (int row = 0; row < rows; row++) {
            VectorPackedDots.round(x + 4L * row * inner, inner, rounded + 2L * row * inner, scales + row * factorBytes(),
                    sums + row * factorBytes());
        }
        long grain = Math.max(1, GRAIN_WEIGHTS / ((long) ShortPackedWeights.ROWS * inner));
        team.split(weights.groups(), grain, (first, last, worker) -> {
            for (long group = first; group < last; group++) {
                group((int) group, worker);
            }
        });
    }

    private void group(int group, Worker worker) {
        float[] tile = worker.tile();
        if (rows == 1) {
            VectorPackedDots.dot(weights, weights.group(group), rounded, scales, sums, tile, 0);
        } else {
            unpacked(group, worker);
        }
        int column = group * ShortPackedWeights.ROWS;
        int width = Math.min(ShortPackedWeights.ROWS, columns - column);
        for (int row = 0; row < rows; row++) {
            long to = result + 4L * ((long) row * columns + column);
            for (int lane = 0; lane < width; lane++) {
                Memory.putFloat(to + 4L * lane, tile[row * ShortPackedWeights.ROWS + lane]);
            }
        }
    }

    /** Each weight is read from memory and unpacked once, for all rows. */
    private void unpacked(int group, Worker worker) {
        float[] tile = worker.tile();
        int offsets = rows * ShortPackedWeights.ROWS;
        Arrays.fill(tile, 0, 2 * offsets, 0);
        long chunk = worker.scratch(VectorPackedDots.chunkBytes());
        int blocks = inner / VectorPackedDots.ROUNDED;
        for (int first = 0; first < blocks; first += VectorPackedDots.CHUNK) {
            int count = Math.min(VectorPackedDots.CHUNK, blocks - first);
            VectorPackedDots.unpack(weights, weights.group(group), first, count, chunk);
            for (int row = 0; row < rows; row++) {
                int at = row * ShortPackedWeights.ROWS;
                long factors = row * factorBytes() + 4L * first;
                VectorPackedDots.addOffsets(weights.encoding(), chunk, count, sums + factors, tile, offsets + at);
                if (row % 2 == 0) {
                    // The last one of an odd number is its own neighbour.
                    int step = Math.min(1, rows - 1 - row);
                    VectorPackedDots.addDots(weights.encoding(), chunk, count,
                            rounded + 2L * ((long) row * inner + (long) first * VectorPackedDots.ROUNDED), 2L * inner * step,
                            scales + factors, factorBytes() * step, tile, at, at + step * ShortPackedWeights.ROWS);
                }
            }
        }
        for (int row = 0; row < rows; row++) {
            VectorPackedDots.join(tile, row * ShortPackedWeights.ROWS, offsets + row * ShortPackedWeights.ROWS);
        }
    }
}
