package org.intarsia.backend.cpu.vector;

import static org.intarsia.backend.cpu.host.Memory.ALL;
import static org.intarsia.backend.cpu.host.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.intarsia.graph.Encoding;

/**
 * Products of two or three rows of x, as guidance needs them, with four rows of weights that are decoded in registers:
 * weights are decoded once for all rows of x, and x, which fills the first-level cache, is read once for four rows of
 * weights. Blocks are decoded value by value, not scaled at their end, since that takes fewer operations here.
 *
 * <p>Two rows are computed as three: that was never slower, and for Q8_0 nearly twice as fast as a loop of their own. The
 * loop of Q8_0 is about as long as the compiler takes without making objects of vectors; {@code WeightsBenchmark} shows
 * when it does.
 */
final class VectorStoredTiles {
    /** The most rows of x in one pass. With another row there would be too few registers left. */
    static final int ROWS = 3;

    private static final VectorSpecies<Float> F = VectorMath.F;
    private static final int LANES = F.length();

    private VectorStoredTiles() {
    }

    static boolean reads(Encoding encoding) {
        return encoding == Encoding.BF16 || encoding == Encoding.Q8_0 && VectorBlocks.reads(encoding);
    }

    /**
     * Whole vectors and whole blocks of {@link org.intarsia.backend.cpu.kernel.RowKernels#storedDots}; the sums of a row of x lie four
     * vectors behind those of the row before it. The last row stands for rows of weights or of x that are missing.
     */
    static void dots(Encoding encoding, int weights, long weight, long weightRow, int rows, long x, long xRow, int n, float[] tile) {
        long w1 = weight + Math.min(1, weights - 1) * weightRow;
        long w2 = weight + Math.min(2, weights - 1) * weightRow;
        long w3 = weight + Math.min(3, weights - 1) * weightRow;
        long x1 = x + Math.min(1, rows - 1) * xRow;
        long x2 = x + Math.min(2, rows - 1) * xRow;
        switch (encoding) {
            case BF16 -> bf16(weight, w1, w2, w3, x, x1, x2, n, tile);
            case Q8_0 -> q8(weight, w1, w2, w3, x, x1, x2, n / 32, tile);
            default -> throw new IllegalArgumentException(encoding + " is decoded first for more than one row");
        }
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, ALL, address, ORDER);
    }

    private static void bf16(long w0, long w1, long w2, long w3, long x0, long x1, long x2, int n, float[] tile) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector y00 = zero, y01 = zero, y02 = zero, y03 = zero;
        FloatVector y10 = zero, y11 = zero, y12 = zero, y13 = zero;
        FloatVector y20 = zero, y21 = zero, y22 = zero, y23 = zero;
        for (long i = 0; i != n; i += LANES) {
            FloatVector a = load(x0 + 4L * i);
            FloatVector b = load(x1 + 4L * i);
            FloatVector c = load(x2 + 4L * i);
            FloatVector weight = VectorPacking.bf16(w0 + 2L * i);
            y00 = a.fma(weight, y00);
            y10 = b.fma(weight, y10);
            y20 = c.fma(weight, y20);
            weight = VectorPacking.bf16(w1 + 2L * i);
            y01 = a.fma(weight, y01);
            y11 = b.fma(weight, y11);
            y21 = c.fma(weight, y21);
            weight = VectorPacking.bf16(w2 + 2L * i);
            y02 = a.fma(weight, y02);
            y12 = b.fma(weight, y12);
            y22 = c.fma(weight, y22);
            weight = VectorPacking.bf16(w3 + 2L * i);
            y03 = a.fma(weight, y03);
            y13 = b.fma(weight, y13);
            y23 = c.fma(weight, y23);
        }
        y00.intoArray(tile, 0);
        y01.intoArray(tile, LANES);
        y02.intoArray(tile, 2 * LANES);
        y03.intoArray(tile, 3 * LANES);
        y10.intoArray(tile, 4 * LANES);
        y11.intoArray(tile, 5 * LANES);
        y12.intoArray(tile, 6 * LANES);
        y13.intoArray(tile, 7 * LANES);
        y20.intoArray(tile, 8 * LANES);
        y21.intoArray(tile, 9 * LANES);
        y22.intoArray(tile, 10 * LANES);
        y23.intoArray(tile, 11 * LANES);
    }

    private static void q8(long w0, long w1, long w2, long w3, long x0, long x1, long x2, int blocks, float[] tile) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector y00 = zero, y01 = zero, y02 = zero, y03 = zero;
        FloatVector y10 = zero, y11 = zero, y12 = zero, y13 = zero;
        FloatVector y20 = zero, y21 = zero, y22 = zero, y23 = zero;
        for (int i = 0; i < blocks; i++) {
            FloatVector scale0 = FloatVector.broadcast(F, VectorBlocks.half(w0));
            FloatVector scale1 = FloatVector.broadcast(F, VectorBlocks.half(w1));
            FloatVector scale2 = FloatVector.broadcast(F, VectorBlocks.half(w2));
            FloatVector scale3 = FloatVector.broadcast(F, VectorBlocks.half(w3));
            for (int j = 0; j < 32; j += LANES) {
                FloatVector a = load(x0 + 4L * j);
                FloatVector b = load(x1 + 4L * j);
                FloatVector c = load(x2 + 4L * j);
                FloatVector weight = VectorBlocks.signed(w0 + 2 + j).mul(scale0);
                y00 = a.fma(weight, y00);
                y10 = b.fma(weight, y10);
                y20 = c.fma(weight, y20);
                weight = VectorBlocks.signed(w1 + 2 + j).mul(scale1);
                y01 = a.fma(weight, y01);
                y11 = b.fma(weight, y11);
                y21 = c.fma(weight, y21);
                weight = VectorBlocks.signed(w2 + 2 + j).mul(scale2);
                y02 = a.fma(weight, y02);
                y12 = b.fma(weight, y12);
                y22 = c.fma(weight, y22);
                weight = VectorBlocks.signed(w3 + 2 + j).mul(scale3);
                y03 = a.fma(weight, y03);
                y13 = b.fma(weight, y13);
                y23 = c.fma(weight, y23);
            }
            w0 += 34;
            w1 += 34;
            w2 += 34;
            w3 += 34;
            x0 += 4 * 32;
            x1 += 4 * 32;
            x2 += 4 * 32;
        }
        y00.intoArray(tile, 0);
        y01.intoArray(tile, LANES);
        y02.intoArray(tile, 2 * LANES);
        y03.intoArray(tile, 3 * LANES);
        y10.intoArray(tile, 4 * LANES);
        y11.intoArray(tile, 5 * LANES);
        y12.intoArray(tile, 6 * LANES);
        y13.intoArray(tile, 7 * LANES);
        y20.intoArray(tile, 8 * LANES);
        y21.intoArray(tile, 9 * LANES);
        y22.intoArray(tile, 10 * LANES);
        y23.intoArray(tile, 11 * LANES);
    }
}
