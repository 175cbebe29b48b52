package org.intarsia.backend.cpu;

import static org.intarsia.backend.cpu.Memory.ALL;
import static org.intarsia.backend.cpu.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.intarsia.graph.Encoding;

/**
 * Products of one row of x with rows of weights that are decoded in registers, so that nothing but the weights themselves passes
 * through memory. Each product is one chain for each lane, in the order of the row, as {@link VectorDots} has it; so that chains do
 * not wait for one another, two or four rows of weights are read side by side.
 */
final class VectorStoredDots {
    private static final VectorSpecies<Float> F = VectorMath.F;
    private static final int LANES = F.length();

    private VectorStoredDots() {
    }

    static boolean reads(Encoding encoding) {
        return encoding == Encoding.BF16 || encoding == Encoding.F16 || VectorBlocks.reads(encoding);
    }

    /**
     * Sums of the products of {@code n} elements, whole vectors and whole blocks, as vectors of {@code tile}. The last row stands for
     * rows of weights that are missing.
     */
    static void dots(Encoding encoding, int weights, long weight, long weightRow, long x, int n, float[] tile) {
        long w1 = weight + Math.min(1, weights - 1) * weightRow;
        long w2 = weight + Math.min(2, weights - 1) * weightRow;
        long w3 = weight + Math.min(3, weights - 1) * weightRow;
        switch (encoding) {
            case BF16 -> bf16(weight, w1, w2, w3, x, n, tile);
            case Q8_0 -> q8(weight, w1, w2, w3, x, n / 32, tile);
            default -> {
                pair(encoding, weight, w1, x, n, tile, 0);
                pair(encoding, w2, w3, x, n, tile, 2 * LANES);
            }
        }
    }

    private static void pair(Encoding encoding, long w0, long w1, long x, int n, float[] tile, int at) {
        switch (encoding) {
            case F16 -> f16(w0, w1, x, n, tile, at);
            case Q4_0 -> q4(w0, w1, x, n / 32, tile, at);
            case Q4_K -> q4k(w0, w1, x, n / 256, tile, at);
            case Q6_K -> q6k(w0, w1, x, n / 256, tile, at);
            default -> throw new IllegalArgumentException(encoding + " is decoded first");
        }
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, ALL, address, ORDER);
    }

    private static void bf16(long w0, long w1, long w2, long w3, long x, int n, float[] tile) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector y0 = zero, y1 = zero, y2 = zero, y3 = zero;
        for (long i = 0; i != 2L * n; i += 2 * LANES) {
            FloatVector part = load(x + 2 * i);
            y0 = part.fma(VectorPacking.bf16(w0 + i), y0);
            y1 = part.fma(VectorPacking.bf16(w1 + i), y1);
            y2 = part.fma(VectorPacking.bf16(w2 + i), y2);
            y3 = part.fma(VectorPacking.bf16(w3 + i), y3);
        }
        y0.intoArray(tile, 0);
        y1.intoArray(tile, LANES);
        y2.intoArray(tile, 2 * LANES);
        y3.intoArray(tile, 3 * LANES);
    }

    private static void q8(long w0, long w1, long w2, long w3, long x, int blocks, float[] tile) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector y0 = zero, y1 = zero, y2 = zero, y3 = zero;
        for (int i = 0; i < blocks; i++) {
            FloatVector scale0 = FloatVector.broadcast(F, VectorBlocks.half(w0));
            FloatVector scale1 = FloatVector.broadcast(F, VectorBlocks.half(w1));
            FloatVector scale2 = FloatVector.broadcast(F, VectorBlocks.half(w2));
            FloatVector scale3 = FloatVector.broadcast(F, VectorBlocks.half(w3));
            for (int j = 0; j < 32; j += LANES) {
                FloatVector part = load(x + 4L * j);
                y0 = part.fma(VectorBlocks.signed(w0 + 2 + j).mul(scale0), y0);
                y1 = part.fma(VectorBlocks.signed(w1 + 2 + j).mul(scale1), y1);
                y2 = part.fma(VectorBlocks.signed(w2 + 2 + j).mul(scale2), y2);
                y3 = part.fma(VectorBlocks.signed(w3 + 2 + j).mul(scale3), y3);
            }
            w0 += 34;
            w1 += 34;
            w2 += 34;
            w3 += 34;
            x += 4 * 32;
        }
        y0.intoArray(tile, 0);
        y1.intoArray(tile, LANES);
        y2.intoArray(tile, 2 * LANES);
        y3.intoArray(tile, 3 * LANES);
    }

    private static void f16(long w0, long w1, long x, int n, float[] tile, int at) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector y0 = zero, y1 = zero;
        for (long i = 0; i != 2L * n; i += 2 * LANES) {
            FloatVector part = load(x + 2 * i);
            y0 = part.fma(VectorPacking.f16(w0 + i), y0);
            y1 = part.fma(VectorPacking.f16(w1 + i), y1);
        }
        y0.intoArray(tile, at);
        y1.intoArray(tile, at + LANES);
    }

    private static void q4(long w0, long w1, long x, int blocks, float[] tile, int at) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector y0 = zero, y1 = zero;
        for (int i = 0; i < blocks; i++) {
            FloatVector scale0 = FloatVector.broadcast(F, VectorBlocks.half(w0));
            FloatVector scale1 = FloatVector.broadcast(F, VectorBlocks.half(w1));
            for (int j = 0; j < 16; j += LANES) {
                FloatVector part = load(x + 4L * j);
                y0 = part.fma(VectorBlocks.low(VectorBlocks.unsigned(w0 + 2 + j)).sub(8).mul(scale0), y0);
                y1 = part.fma(VectorBlocks.low(VectorBlocks.unsigned(w1 + 2 + j)).sub(8).mul(scale1), y1);
            }
            for (int j = 0; j < 16; j += LANES) {
                FloatVector part = load(x + 4L * (16 + j));
                y0 = part.fma(VectorBlocks.high(VectorBlocks.unsigned(w0 + 2 + j)).sub(8).mul(scale0), y0);
                y1 = part.fma(VectorBlocks.high(VectorBlocks.unsigned(w1 + 2 + j)).sub(8).mul(scale1), y1);
            }
            w0 += 18;
            w1 += 18;
            x += 4 * 32;
        }
        y0.intoArray(tile, at);
        y1.intoArray(tile, at + LANES);
    }

    private static void q4k(long w0, long w1, long x, int blocks, float[] tile, int at) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector y0 = zero, y1 = zero;
        for (int i = 0; i < blocks; i++) {
            float scale0 = VectorBlocks.half(w0), scale1 = VectorBlocks.half(w1);
            float minimum0 = -VectorBlocks.half(w0 + 2), minimum1 = -VectorBlocks.half(w1 + 2);
            long scales0 = VectorBlocks.scales(w0), scales1 = VectorBlocks.scales(w1);
            long minima0 = VectorBlocks.minima(w0), minima1 = VectorBlocks.minima(w1);
            for (int group = 0; group < 8; group++) {
                FloatVector factor0 = FloatVector.broadcast(F, scale0 * VectorBlocks.of(scales0, group));
                FloatVector factor1 = FloatVector.broadcast(F, scale1 * VectorBlocks.of(scales1, group));
                FloatVector offset0 = FloatVector.broadcast(F, minimum0 * VectorBlocks.of(minima0, group));
                FloatVector offset1 = FloatVector.broadcast(F, minimum1 * VectorBlocks.of(minima1, group));
                // The lower halves of 32 bytes, then the upper ones.
                long bytes = 16 + 32 * (group / 2);
                int shift = 4 * (group % 2);
                for (int j = 0; j < 32; j += LANES) {
                    FloatVector part = load(x + 4L * j);
                    y0 = part.fma(four(w0 + bytes + j, shift).fma(factor0, offset0), y0);
                    y1 = part.fma(four(w1 + bytes + j, shift).fma(factor1, offset1), y1);
                }
                x += 4 * 32;
            }
            w0 += 144;
            w1 += 144;
        }
        y0.intoArray(tile, at);
        y1.intoArray(tile, at + LANES);
    }

    private static FloatVector four(long address, int shift) {
        return VectorBlocks.low(VectorBlocks.unsigned(address).lanewise(VectorOperators.LSHR, shift));
    }

    private static void q6k(long w0, long w1, long x, int blocks, float[] tile, int at) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector y0 = zero, y1 = zero;
        for (int i = 0; i < blocks; i++) {
            float scale0 = VectorBlocks.half(w0 + 208), scale1 = VectorBlocks.half(w1 + 208);
            for (int group = 0; group < 8; group++) {
                // 32 bytes of fours, whose lower halves come first, and 32 of twos, in each half of the block.
                long fours = 64 * (group / 4) + 32 * (group % 2);
                long twos = 128 + 32 * (group / 4);
                int shift = group % 4 / 2 * 4;
                int twoShift = group % 4 * 2;
                int scales = 192 + 2 * group;
                for (int j = 0; j < 32; j += LANES) {
                    FloatVector part = load(x + 4L * j);
                    y0 = part.fma(six(w0 + fours + j, shift, w0 + twos + j, twoShift)
                            .mul(scale0 * Memory.getByte(w0 + scales + j / 16)), y0);
                    y1 = part.fma(six(w1 + fours + j, shift, w1 + twos + j, twoShift)
                            .mul(scale1 * Memory.getByte(w1 + scales + j / 16)), y1);
                }
                x += 4 * 32;
            }
            w0 += 210;
            w1 += 210;
        }
        y0.intoArray(tile, at);
        y1.intoArray(tile, at + LANES);
    }

    private static FloatVector six(long fours, int shift, long twos, int twoShift) {
        return VectorBlocks.six(VectorBlocks.unsigned(fours), shift, VectorBlocks.unsigned(twos).lanewise(VectorOperators.LSHR, twoShift));
    }
}
