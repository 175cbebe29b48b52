package org.intarsia.backend.cpu.product;

import java.util.Arrays;
import java.util.Optional;
import org.intarsia.backend.cpu.code.FloatTiles;
import org.intarsia.backend.cpu.code.TileCode;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.host.Worker;
import org.intarsia.backend.cpu.kernel.TileKernels;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.op.Conv2d.Window;

/**
 * Convolutions as matrix products whose right operand, all that the kernel sees, is never written down: panels of it are
 * packed straight from the picture.
 */
final class Convolution {
    /** Positions that one pass of a weight's gradient takes; their panels stay in the cache. */
    private static final int POSITIONS = 512;
    /** Channels whose gradients machine code computes together: whole strips. */
    private static final int CHANNELS = 48;
    /** The most vectors of a panel of a weight's gradient. */
    private static final int PANEL_VECTORS = 2;
    /** Shorter rows of a result than this cost machine code more in calls than it wins. */
    private static final int LEAST_WIDTH = 32;

    private final TileKernels kernels;
    private final TileCode code;
    private final Window window;
    private final int pictures;
    private final int inChannels;
    private final int height;
    private final int width;
    private final int outChannels;
    private final int kernelHeight;
    private final int kernelWidth;
    private final int outHeight;
    private final int outWidth;

    Convolution(TileKernels kernels, TileCode code, Window window, long[] x, long outChannels, long kernelHeight,
            long kernelWidth) {
        this.kernels = kernels;
        this.code = code;
        this.window = window;
        this.pictures = Math.toIntExact(x[0]);
        this.inChannels = Math.toIntExact(x[1]);
        this.height = Math.toIntExact(x[2]);
        this.width = Math.toIntExact(x[3]);
        this.outChannels = Math.toIntExact(outChannels);
        this.kernelHeight = Math.toIntExact(kernelHeight);
        this.kernelWidth = Math.toIntExact(kernelWidth);
        this.outHeight = Math.toIntExact(window.outHeight(height, kernelHeight));
        this.outWidth = Math.toIntExact(window.outWidth(width, kernelWidth));
    }

    /** out (pictures, outChannels, outHeight, outWidth) from x and the weight (outChannels, inChannels, kernel…). */
    void forward(ThreadTeam team, long x, Encoding encoding, long weight, long out) {
        int inner = inChannels * kernelHeight * kernelWidth;
        int positions = outHeight * outWidth;
        long[] weights = new long[pictures];
        Arrays.fill(weights, weight);
        long[] results = new long[pictures];
        Arrays.setAll(results, picture -> out + 4L * picture * outChannels * positions);
        new Gemm(kernels, code, outChannels, positions, inner, 1).run(team, pictures, weights, new Gemm.Left(encoding, inner, 1),
                (worker, picture, firstRow, rows, firstColumn, columns, vectors, panel) ->
                        patches(x + 4L * picture * inChannels * height * width, firstRow, rows, firstColumn, columns, vectors, panel),
                results, 4L * positions, false);
    }

    /** A panel of all that the kernel sees: rows are (channel, kernel row, kernel column), columns output positions. */
    private void patches(long x, int firstRow, int rows, int firstColumn, int columns, int vectors, long panel) {
        int taps = kernelHeight * kernelWidth;
        int lanes = kernels.lanes();
        long[] offsets = new long[taps];
        int[] low = new int[taps];
        int[] high = new int[taps];
        for (int column = 0, length; column < columns; column += length) {
            int outRow = (firstColumn + column) / outWidth;
            int outColumn = (firstColumn + column) % outWidth;
            // A piece ends where the row of the picture, the vector or the panel does.
            length = Math.min(Math.min(outWidth - outColumn, lanes - column % lanes), columns - column);
            for (int tap = 0; tap < taps; tap++) {
                int y = outRow * window.stride() - window.top() + tap / kernelWidth;
                int left = outColumn * window.stride() - window.left() + tap % kernelWidth;
                boolean inside = y >= 0 && y < height;
                offsets[tap] = inside ? 4L * (y * width + left) : 0;
                low[tap] = Math.clamp(Math.ceilDiv(-left, window.stride()), 0, length);
                high[tap] = inside ? Math.clamp(Math.ceilDiv(width - left, window.stride()), low[tap], length) : low[tap];
            }
            kernels.packPatch(firstRow, rows, window.stride(), length, offsets, low, high, x, 4L * height * width,
                    panel + 4L * column, 4L * vectors * lanes);
        }
    }

    /**
     * The gradient of the weight from x and the gradient of the result, (pictures, outChannels, outHeight, outWidth).
     *
     * <p>Computed turned, (taps of a channel) × outChannels: so the many positions are the inner dimension, the gradient of
     * the result is packed once for all taps, and every tap reads the padded picture in place.
     */
    void weightGradient(ThreadTeam team, long x, long gradient, long out) {
        // Each task has its own channels and goes through all pictures in order: the bits are those of one thread.
        int share = team.size() == 1 ? inChannels
                : Math.max(8, Math.ceilDiv(Math.ceilDiv(inChannels, 2 * team.size()), 8) * 8);
        team.run(Math.ceilDiv(inChannels, share), (task, worker) ->
                new ChannelShare(worker, task * share, Math.min(share, inChannels - task * share)).run(x, gradient, out));
    }

    /** The gradient of the weights that belong to some input channels. */
    private final class ChannelShare {
        private final Worker worker;
        private final int firstChannel;
        private final int channels;
        private final int taps = kernelHeight * kernelWidth;
        private final Optional<FloatTiles> tiles = code.exact().filter(_ -> outWidth >= LEAST_WIDTH);
        private final int lanes = kernels.lanes();
        private final int vectors = Math.ceilDiv(outChannels, lanes);
        private final int paddedHeight = (outHeight - 1) * window.stride() + kernelHeight;
        private final int paddedWidth = (outWidth - 1) * window.stride() + kernelWidth;
        /** Output rows of one pass. */
        private final int passRows = Math.clamp(POSITIONS / outWidth, 1, outHeight);
        private final long padded;
        private final long packed;
        private final long sums;
        private final long turned;

        ChannelShare(Worker worker, int firstChannel, int channels) {
            this.worker = worker;
            this.firstChannel = firstChannel;
            this.channels = channels;
            long paddedBytes = aligned(4L * channels * paddedHeight * paddedWidth);
            long packedBytes = aligned(4L * passRows * outWidth * vectors * lanes);
            long sumBytes = 4L * CHANNELS * PANEL_VECTORS * lanes;
            long turnedBytes = 4L * channels * taps * outChannels;
            padded = worker.scratch(paddedBytes + packedBytes + sumBytes + turnedBytes);
            packed = padded + paddedBytes;
            sums = packed + packedBytes;
            turned = sums + sumBytes;
        }

        private static long aligned(long bytes) {
            return (bytes + 63) & -64;
        }

        void run(long x, long gradient, long out) {
            for (int picture = 0; picture < pictures; picture++) {
                pad(x + 4L * (picture * inChannels + firstChannel) * height * width);
                for (int row = 0; row < outHeight; row += passRows) {
                    long from = gradient + 4L * ((long) picture * outChannels * outHeight + row) * outWidth;
                    pass(from, row, Math.min(passRows, outHeight - row), picture + row > 0);
                }
            }
            int elements = channels * taps;
            for (int channel = 0; channel < outChannels; channel++) {
                long to = out + 4L * (channel * (long) inChannels + firstChannel) * taps;
                for (int i = 0; i < elements; i++) {
                    Memory.putFloat(to + 4L * i, Memory.getFloat(turned + 4L * ((long) i * outChannels + channel)));
                }
            }
        }

        private void pad(long x) {
            Memory.clear(padded, 4L * channels * paddedHeight * paddedWidth);
            int firstColumn = Math.max(0, -window.left());
            int left = Math.max(0, window.left());
            int columns = Math.min(width - firstColumn, paddedWidth - left);
            for (int channel = 0; channel < channels; channel++) {
                for (int row = 0; row < height; row++) {
                    int to = row + window.top();
                    if (to >= 0 && to < paddedHeight && columns > 0) {
                        Memory.copy(x + 4L * ((channel * (long) height + row) * width + firstColumn),
                                padded + 4L * ((channel * (long) paddedHeight + to) * paddedWidth + left), 4L * columns);
                    }
                }
            }
        }

        private void pass(long gradient, int firstRow, int rows, boolean accumulate) {
            int positions = rows * outWidth;
            for (int vector = 0, wide; vector < vectors; vector += wide) {
                wide = Math.min(PANEL_VECTORS, vectors - vector);
                int column = vector * lanes;
                int columns = Math.min(wide * lanes, outChannels - column);
                long panel = packed + 4L * column * positions;
                long plane = (long) outHeight * outWidth;
                kernels.pack(Encoding.F32, positions, columns, wide, gradient + 4L * column * plane, 1, plane, panel);
                int strip = tiles.isPresent() ? CHANNELS : kernels.strip(wide);
                for (int channel = 0; channel < channels; channel += strip) {
                    int valid = Math.min(strip, channels - channel);
                    for (int tap = 0; tap < taps; tap++) {
                        taps(valid, channel, tap, firstRow, rows, wide, panel, columns,
                                turned + 4L * ((channel * (long) taps + tap) * outChannels + column), accumulate);
                    }
                }
            }
        }

        private void taps(int valid, int channel, int tap, int firstRow, int rows, int wide, long panel, int columns, long to,
                boolean accumulate) {
            long aRow = 4L * paddedHeight * paddedWidth;
            long aRun = 4L * window.stride() * paddedWidth;
            long a = padded + channel * aRow + firstRow * aRun
                    + 4L * (tap / kernelWidth * paddedWidth + tap % kernelWidth);
            long toRow = 4L * taps * outChannels;
            if (tiles.isPresent()) {
                taps(tiles.get(), valid, rows, a, aRow, aRun, wide, panel, columns, to, toRow, accumulate);
                return;
            }
            if (wide == 2) {
                kernels.tileStrip(valid, rows, aRun, outWidth, a, aRow, 4L * window.stride(), panel, 8L * lanes, worker.tile());
                kernels.flush(worker.tile(), valid, 2, columns, to, toRow, accumulate);
                return;
            }
            for (int row = 0; row < rows; row++) {
                kernels.tile8x1(valid, outWidth, a + row * aRun, aRow, 4L * window.stride(), panel + 4L * row * outWidth * lanes,
                        4L * lanes, worker.tile());
                kernels.flush(worker.tile(), valid, 1, columns, to, toRow, accumulate || row > 0);
            }
        }

        /** The same by machine code, with the order of the sums that each kind of tile has. */
        private void taps(FloatTiles code, int valid, int rows, long a, long aRow, long aRun, int wide, long panel, int columns, long to,
                long toRow, boolean accumulate) {
            long step = 4L * window.stride();
            long sumRow = 4L * wide * lanes;
            for (int row = 0; row < rows; row++) {
                long from = a + row * aRun;
                long right = panel + row * outWidth * sumRow;
                if (wide == 1) {
                    PanelEdge.multiply(code, accumulate || row > 0, valid, 1, columns, from, aRow, step, outWidth, right, to, toRow, sums);
                } else if (row == 0) {
                    code.multiply(false, valid, wide, from, aRow, step, outWidth, right, sums, sumRow);
                } else {
                    code.goOn(valid, wide, from, aRow, step, outWidth, right, sums, sumRow);
                }
            }
            if (wide > 1) {
                PanelEdge.write(sums, sumRow, valid, columns, to, toRow, accumulate);
            }
        }
    }
}
