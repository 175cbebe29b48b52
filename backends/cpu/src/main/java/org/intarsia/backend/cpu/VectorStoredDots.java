package org.intarsia.backend.cpu;

import static org.intarsia.backend.cpu.Memory.ALL;
import static org.intarsia.backend.cpu.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.intarsia.graph.Encoding;

/**
 * Products of one row of x with a row of weights that is decoded in registers, so that nothing but the weights themselves
 * passes through memory.
 */
final class VectorStoredDots {
    private static final VectorSpecies<Float> F = VectorMath.F;
    private static final int LANES = F.length();

    private VectorStoredDots() {
    }

    static boolean reads(Encoding encoding) {
        return encoding == Encoding.BF16 || encoding == Encoding.F16 || VectorBlocks.reads(encoding);
    }

    /** Sums of the products of {@code n} elements, whole vectors and whole blocks, as a vector of {@code tile}. */
    static void dot(Encoding encoding, long weight, long x, int n, float[] tile, int at) {
        switch (encoding) {
            case BF16 -> bf16(weight, x, n, tile, at);
            case F16 -> f16(weight, x, n, tile, at);
            case Q8_0 -> q8(weight, x, n / 32, tile, at);
            case Q4_0 -> q4(weight, x, n / 32, tile, at);
            case Q4_K -> q4k(weight, x, n / 256, tile, at);
            case Q6_K -> q6k(weight, x, n / 256, tile, at);
            default -> throw new IllegalArgumentException(encoding + " is decoded first");
        }
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, ALL, address, ORDER);
    }

    private static void bf16(long weight, long x, int n, float[] tile, int at) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector y0 = zero, y1 = zero, y2 = zero, y3 = zero;
        int i = 0;
        for (; i <= n - 4 * LANES; i += 4 * LANES) {
            long from = weight + 2L * i;
            long by = x + 4L * i;
            y0 = load(by).fma(VectorPacking.bf16(from), y0);
            y1 = load(by + 4 * LANES).fma(VectorPacking.bf16(from + 2 * LANES), y1);
            y2 = load(by + 8 * LANES).fma(VectorPacking.bf16(from + 4 * LANES), y2);
            y3 = load(by + 12 * LANES).fma(VectorPacking.bf16(from + 6 * LANES), y3);
        }
        for (; i < n; i += LANES) {
            y0 = load(x + 4L * i).fma(VectorPacking.bf16(weight + 2L * i), y0);
        }
        y0.add(y1).add(y2.add(y3)).intoArray(tile, at);
    }

    private static void f16(long weight, long x, int n, float[] tile, int at) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector y0 = zero, y1 = zero;
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            y0 = load(x + 4L * i).fma(VectorPacking.f16(weight + 2L * i), y0);
            y1 = load(x + 4L * (i + LANES)).fma(VectorPacking.f16(weight + 2L * (i + LANES)), y1);
        }
        for (; i < n; i += LANES) {
            y0 = load(x + 4L * i).fma(VectorPacking.f16(weight + 2L * i), y0);
        }
        y0.add(y1).intoArray(tile, at);
    }

    private static void q8(long block, long x, int blocks, float[] tile, int at) {
        FloatVector y = FloatVector.zero(F);
        for (int i = 0; i < blocks; i++) {
            FloatVector sum = FloatVector.zero(F);
            for (int j = 0; j < 32; j += LANES) {
                sum = load(x + 4L * j).fma(VectorBlocks.signed(block + 2 + j), sum);
            }
            y = sum.fma(FloatVector.broadcast(F, VectorBlocks.half(block)), y);
            block += 34;
            x += 4 * 32;
        }
        y.intoArray(tile, at);
    }

    private static void q4(long block, long x, int blocks, float[] tile, int at) {
        FloatVector y = FloatVector.zero(F);
        for (int i = 0; i < blocks; i++) {
            FloatVector sum = FloatVector.zero(F);
            for (int j = 0; j < 16; j += LANES) {
                IntVector bytes = VectorBlocks.unsigned(block + 2 + j);
                sum = load(x + 4L * j).fma(VectorBlocks.low(bytes).sub(8), sum);
                sum = load(x + 4L * (16 + j)).fma(VectorBlocks.high(bytes).sub(8), sum);
            }
            y = sum.fma(FloatVector.broadcast(F, VectorBlocks.half(block)), y);
            block += 18;
            x += 4 * 32;
        }
        y.intoArray(tile, at);
    }

    private static void q4k(long block, long x, int blocks, float[] tile, int at) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector low = zero, high = zero;
        for (int i = 0; i < blocks; i++) {
            float scale = VectorBlocks.half(block);
            float minimum = -VectorBlocks.half(block + 2);
            long scales = VectorBlocks.scales(block);
            long minima = VectorBlocks.minima(block);
            for (int group = 0; group < 8; group += 2) {
                FloatVector lowScale = FloatVector.broadcast(F, scale * VectorBlocks.of(scales, group));
                FloatVector lowMinimum = FloatVector.broadcast(F, minimum * VectorBlocks.of(minima, group));
                FloatVector highScale = FloatVector.broadcast(F, scale * VectorBlocks.of(scales, group + 1));
                FloatVector highMinimum = FloatVector.broadcast(F, minimum * VectorBlocks.of(minima, group + 1));
                for (int j = 0; j < 32; j += LANES) {
                    IntVector bytes = VectorBlocks.unsigned(block + 16 + 16 * group + j);
                    low = load(x + 4L * (32 * group + j)).fma(VectorBlocks.low(bytes).fma(lowScale, lowMinimum), low);
                    high = load(x + 4L * (32 * group + 32 + j)).fma(VectorBlocks.high(bytes).fma(highScale, highMinimum), high);
                }
            }
            block += 144;
            x += 4 * 256;
        }
        low.add(high).intoArray(tile, at);
    }

    private static void q6k(long block, long x, int blocks, float[] tile, int at) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector y0 = zero, y1 = zero;
        for (int i = 0; i < blocks; i++) {
            float scale = VectorBlocks.half(block + 208);
            for (int quarter = 0; quarter < 4; quarter++) {
                // The lower or the upper half of 64 bytes, in the first or the second half of the block.
                long fours = block + 64 * (quarter / 2);
                long twos = block + 128 + 32 * (quarter / 2);
                int scales = Memory.getInt(block + 192 + 4 * quarter);
                int shift = 4 * (quarter % 2);
                for (int j = 0; j < 32; j += LANES) {
                    IntVector two = VectorBlocks.unsigned(twos + j).lanewise(VectorOperators.LSHR, shift);
                    int group = 8 * (j / 16);
                    y0 = load(x + 4L * j).fma(VectorBlocks.six(VectorBlocks.unsigned(fours + j), shift, two)
                            .mul(scale * (byte) (scales >> group)), y0);
                    y1 = load(x + 4L * (32 + j)).fma(VectorBlocks.six(VectorBlocks.unsigned(fours + 32 + j), shift,
                            two.lanewise(VectorOperators.LSHR, 2)).mul(scale * (byte) (scales >> 16 + group)), y1);
                }
                x += 4 * 64;
            }
            block += 210;
        }
        y0.add(y1).intoArray(tile, at);
    }
}
