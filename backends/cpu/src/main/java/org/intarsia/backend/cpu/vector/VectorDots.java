package org.intarsia.backend.cpu.vector;

import static org.intarsia.backend.cpu.host.Memory.ALL;
import static org.intarsia.backend.cpu.host.Memory.ORDER;
import static org.intarsia.backend.cpu.vector.VectorMath.SWAP_1;
import static org.intarsia.backend.cpu.vector.VectorMath.SWAP_2;
import static org.intarsia.backend.cpu.vector.VectorMath.SWAP_4;
import static org.intarsia.backend.cpu.vector.VectorMath.SWAP_8;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of up to four rows of F32 weights with some rows of x: each vector that was read takes part in as many
 * multiplications as registers allow. {@link VectorStoredDots} is its like for encoded weights.
 *
 * <p>Loops over several rows of x end by {@code !=}, so that the compiler does not count and unroll them: unrolled, sums were kept in
 * memory, and the loops took twice as long.
 */
final class VectorDots {
    private static final VectorSpecies<Float> F = VectorMath.F;
    private static final int LANES = F.length();
    private static final long BYTES = F.vectorByteSize();
    /** Rows of x of one pass: with vectors of 512 bits there are 32 registers, else only 16 may be there. */
    static final int ROWS = LANES >= 16 ? 4 : 3;
    private static final VectorMask<Float> ODD = VectorMask.fromLong(F, 0xAAAA_AAAA_AAAA_AAAAL & lanesMask());
    private static final VectorMask<Float> SECOND_PAIR = VectorMask.fromLong(F, 0xCCCC_CCCC_CCCC_CCCCL & lanesMask());

    private VectorDots() {
    }

    private static long lanesMask() {
        return (1L << LANES) - 1;
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, ALL, address, ORDER);
    }

    /**
     * Whole vectors of {@link org.intarsia.backend.cpu.kernel.RowKernels#addDots}: the sums of a row of x, four vectors, lie behind
     * those of the row before.
     */
    static void add(boolean first, int weights, long weight, long weightRow, int rows, long x, long xRow, int n, float[] tile,
            int at) {
        long w1 = weight + Math.min(1, weights - 1) * weightRow;
        long w2 = weight + Math.min(2, weights - 1) * weightRow;
        long w3 = weight + Math.min(3, weights - 1) * weightRow;
        if (rows == 1) {
            dots4x1(first, weight, w1, w2, w3, x, n, tile, at);
        } else if (rows <= 3) {
            // Two rows as three: that was never slower than a loop of their own.
            dots4x3(first, weight, w1, w2, w3, x, x + xRow, x + Math.min(2, rows - 1) * xRow, n, tile, at);
        } else {
            dots4x4(first, weight, w1, w2, w3, x, x + xRow, x + 2 * xRow, x + 3 * xRow, n, tile, at);
        }
    }

    private static FloatVector start(boolean first, float[] tile, int at) {
        return first ? FloatVector.zero(F) : FloatVector.fromArray(F, tile, at);
    }

    /** The sums of the lanes of four vectors, side by side: each step adds neighbours and halves what is left. */
    static FloatVector sums(float[] tile, int at) {
        FloatVector a = FloatVector.fromArray(F, tile, at);
        FloatVector b = FloatVector.fromArray(F, tile, at + LANES);
        FloatVector c = FloatVector.fromArray(F, tile, at + 2 * LANES);
        FloatVector d = FloatVector.fromArray(F, tile, at + 3 * LANES);
        FloatVector ab = a.blend(b, ODD).add(a.rearrange(SWAP_1).blend(b.rearrange(SWAP_1), ODD));
        FloatVector cd = c.blend(d, ODD).add(c.rearrange(SWAP_1).blend(d.rearrange(SWAP_1), ODD));
        FloatVector sums = ab.blend(cd, SECOND_PAIR).add(ab.rearrange(SWAP_2).blend(cd.rearrange(SWAP_2), SECOND_PAIR));
        if (LANES > 4) {
            sums = sums.add(sums.rearrange(SWAP_4));
        }
        if (LANES > 8) {
            sums = sums.add(sums.rearrange(SWAP_8));
        }
        return sums;
    }

    private static void dots4x1(boolean first, long w0, long w1, long w2, long w3, long x0, int n, float[] tile, int at) {
        FloatVector y00 = start(first, tile, at);
        FloatVector y01 = start(first, tile, at + LANES);
        FloatVector y02 = start(first, tile, at + 2 * LANES);
        FloatVector y03 = start(first, tile, at + 3 * LANES);
        for (int i = 0; i < n; i += LANES) {
            long from = 4L * i;
            FloatVector weight0 = load(w0 + from);
            FloatVector weight1 = load(w1 + from);
            FloatVector weight2 = load(w2 + from);
            FloatVector weight3 = load(w3 + from);
            FloatVector x = load(x0 + from);
            y00 = x.fma(weight0, y00);
            y01 = x.fma(weight1, y01);
            y02 = x.fma(weight2, y02);
            y03 = x.fma(weight3, y03);
        }
        y00.intoArray(tile, at);
        y01.intoArray(tile, at + LANES);
        y02.intoArray(tile, at + 2 * LANES);
        y03.intoArray(tile, at + 3 * LANES);
    }

    private static void dots4x3(boolean first, long w0, long w1, long w2, long w3, long x0, long x1, long x2, int n, float[] tile,
            int at) {
        FloatVector y00 = start(first, tile, at);
        FloatVector y01 = start(first, tile, at + LANES);
        FloatVector y02 = start(first, tile, at + 2 * LANES);
        FloatVector y03 = start(first, tile, at + 3 * LANES);
        FloatVector y10 = start(first, tile, at + 4 * LANES);
        FloatVector y11 = start(first, tile, at + 5 * LANES);
        FloatVector y12 = start(first, tile, at + 6 * LANES);
        FloatVector y13 = start(first, tile, at + 7 * LANES);
        FloatVector y20 = start(first, tile, at + 8 * LANES);
        FloatVector y21 = start(first, tile, at + 9 * LANES);
        FloatVector y22 = start(first, tile, at + 10 * LANES);
        FloatVector y23 = start(first, tile, at + 11 * LANES);
        for (long from = 0; from != 4L * n; from += BYTES) {
            // Of weights one at a time: with 12 sums and 3 rows of x that makes 16 registers.
            FloatVector a = load(x0 + from);
            FloatVector b = load(x1 + from);
            FloatVector c = load(x2 + from);
            FloatVector weight = load(w0 + from);
            y00 = a.fma(weight, y00);
            y10 = b.fma(weight, y10);
            y20 = c.fma(weight, y20);
            weight = load(w1 + from);
            y01 = a.fma(weight, y01);
            y11 = b.fma(weight, y11);
            y21 = c.fma(weight, y21);
            weight = load(w2 + from);
            y02 = a.fma(weight, y02);
            y12 = b.fma(weight, y12);
            y22 = c.fma(weight, y22);
            weight = load(w3 + from);
            y03 = a.fma(weight, y03);
            y13 = b.fma(weight, y13);
            y23 = c.fma(weight, y23);
        }
        y00.intoArray(tile, at);
        y01.intoArray(tile, at + LANES);
        y02.intoArray(tile, at + 2 * LANES);
        y03.intoArray(tile, at + 3 * LANES);
        y10.intoArray(tile, at + 4 * LANES);
        y11.intoArray(tile, at + 5 * LANES);
        y12.intoArray(tile, at + 6 * LANES);
        y13.intoArray(tile, at + 7 * LANES);
        y20.intoArray(tile, at + 8 * LANES);
        y21.intoArray(tile, at + 9 * LANES);
        y22.intoArray(tile, at + 10 * LANES);
        y23.intoArray(tile, at + 11 * LANES);
    }

    private static void dots4x4(boolean first, long w0, long w1, long w2, long w3, long x0, long x1, long x2, long x3, int n,
            float[] tile, int at) {
        FloatVector y00 = start(first, tile, at);
        FloatVector y01 = start(first, tile, at + LANES);
        FloatVector y02 = start(first, tile, at + 2 * LANES);
        FloatVector y03 = start(first, tile, at + 3 * LANES);
        FloatVector y10 = start(first, tile, at + 4 * LANES);
        FloatVector y11 = start(first, tile, at + 5 * LANES);
        FloatVector y12 = start(first, tile, at + 6 * LANES);
        FloatVector y13 = start(first, tile, at + 7 * LANES);
        FloatVector y20 = start(first, tile, at + 8 * LANES);
        FloatVector y21 = start(first, tile, at + 9 * LANES);
        FloatVector y22 = start(first, tile, at + 10 * LANES);
        FloatVector y23 = start(first, tile, at + 11 * LANES);
        FloatVector y30 = start(first, tile, at + 12 * LANES);
        FloatVector y31 = start(first, tile, at + 13 * LANES);
        FloatVector y32 = start(first, tile, at + 14 * LANES);
        FloatVector y33 = start(first, tile, at + 15 * LANES);
        for (long from = 0; from != 4L * n; from += BYTES) {
            FloatVector weight0 = load(w0 + from);
            FloatVector weight1 = load(w1 + from);
            FloatVector weight2 = load(w2 + from);
            FloatVector weight3 = load(w3 + from);
            FloatVector x = load(x0 + from);
            y00 = x.fma(weight0, y00);
            y01 = x.fma(weight1, y01);
            y02 = x.fma(weight2, y02);
            y03 = x.fma(weight3, y03);
            x = load(x1 + from);
            y10 = x.fma(weight0, y10);
            y11 = x.fma(weight1, y11);
            y12 = x.fma(weight2, y12);
            y13 = x.fma(weight3, y13);
            x = load(x2 + from);
            y20 = x.fma(weight0, y20);
            y21 = x.fma(weight1, y21);
            y22 = x.fma(weight2, y22);
            y23 = x.fma(weight3, y23);
            x = load(x3 + from);
            y30 = x.fma(weight0, y30);
            y31 = x.fma(weight1, y31);
            y32 = x.fma(weight2, y32);
            y33 = x.fma(weight3, y33);
        }
        y00.intoArray(tile, at);
        y01.intoArray(tile, at + LANES);
        y02.intoArray(tile, at + 2 * LANES);
        y03.intoArray(tile, at + 3 * LANES);
        y10.intoArray(tile, at + 4 * LANES);
        y11.intoArray(tile, at + 5 * LANES);
        y12.intoArray(tile, at + 6 * LANES);
        y13.intoArray(tile, at + 7 * LANES);
        y20.intoArray(tile, at + 8 * LANES);
        y21.intoArray(tile, at + 9 * LANES);
        y22.intoArray(tile, at + 10 * LANES);
        y23.intoArray(tile, at + 11 * LANES);
        y30.intoArray(tile, at + 12 * LANES);
        y31.intoArray(tile, at + 13 * LANES);
        y32.intoArray(tile, at + 14 * LANES);
        y33.intoArray(tile, at + 15 * LANES);
    }
}
