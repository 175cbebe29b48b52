package org.intarsia.backend.cpu.vector;

import static org.intarsia.backend.cpu.host.Memory.ALL;
import static org.intarsia.backend.cpu.host.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.graph.Encoding;

/**
 * Products of one row of x with a row of weights that is decoded in registers, so that nothing but the weights themselves passes
 * through memory. A product is one chain for each lane, in the order of the row, as {@link VectorDots} has it. To read several rows of
 * weights side by side, so that chains do not wait for one another, was slower: the processor fetches one row ahead better than four.
 */
final class VectorStoredDots {
    private static final VectorSpecies<Float> F = VectorMath.F;
    private static final int LANES = F.length();

    private VectorStoredDots() {
    }

    static boolean reads(Encoding encoding) {
        return switch (encoding) {
            case BF16, F16 -> true;
            case Q8_0, Q4_0, Q4_K, Q6_K -> VectorBlocks.reads(encoding);
            default -> false;
        };
    }

    /** Sums of the products of {@code n} elements, whole vectors and whole blocks, as a vector of {@code tile}. */
    static void dot(Encoding encoding, long weight, long x, int n, float[] tile, int at) {
        switch (encoding) {
            case BF16 -> bf16(weight, x, n, tile, at);
            case Q8_0 -> q8(weight, x, n / 32, tile, at);
            case Q4_0 -> q4(weight, x, n / 32, tile, at);
            case F16 -> f16(weight, x, n, tile, at);
            case Q4_K -> q4k(weight, x, n / 256, tile, at);
            case Q6_K -> q6k(weight, x, n / 256, tile, at);
            default -> throw new IllegalArgumentException(encoding + " is decoded first");
        }
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, ALL, address, ORDER);
    }

    private static void bf16(long weight, long x, int n, float[] tile, int at) {
        FloatVector y = FloatVector.zero(F);
        for (int i = 0; i < n; i += LANES) {
            y = load(x + 4L * i).fma(VectorPacking.bf16(weight + 2L * i), y);
        }
        y.intoArray(tile, at);
    }

    private static void q8(long block, long x, int blocks, float[] tile, int at) {
        FloatVector y = FloatVector.zero(F);
        for (int i = 0; i < blocks; i++) {
            FloatVector scale = FloatVector.broadcast(F, VectorBlocks.half(block));
            for (int j = 0; j < 32; j += LANES) {
                y = load(x + 4L * j).fma(VectorBlocks.signed(block + 2 + j).mul(scale), y);
            }
            block += 34;
            x += 4 * 32;
        }
        y.intoArray(tile, at);
    }

    private static void f16(long weight, long x, int n, float[] tile, int at) {
        FloatVector y = FloatVector.zero(F);
        for (int i = 0; i < n; i += LANES) {
            y = load(x + 4L * i).fma(VectorPacking.f16(weight + 2L * i), y);
        }
        y.intoArray(tile, at);
    }

    private static void q4(long block, long x, int blocks, float[] tile, int at) {
        FloatVector y = FloatVector.zero(F);
        for (int i = 0; i < blocks; i++) {
            FloatVector scale = FloatVector.broadcast(F, VectorBlocks.half(block));
            for (int shift = 0; shift < 8; shift += 4) {
                for (int j = 0; j < 16; j += LANES) {
                    IntVector fours = VectorBlocks.unsigned(block + 2 + j).lanewise(VectorOperators.LSHR, shift);
                    y = load(x + 4L * j).fma(VectorBlocks.low(fours).sub(8).mul(scale), y);
                }
                x += 4 * 16;
            }
            block += 18;
        }
        y.intoArray(tile, at);
    }

    private static void q4k(long block, long x, int blocks, float[] tile, int at) {
        FloatVector y = FloatVector.zero(F);
        for (int i = 0; i < blocks; i++) {
            float scale = VectorBlocks.half(block);
            float minimum = -VectorBlocks.half(block + 2);
            long scales = VectorBlocks.scales(block);
            long minima = VectorBlocks.minima(block);
            for (int group = 0; group < 8; group++) {
                FloatVector factor = FloatVector.broadcast(F, scale * VectorBlocks.of(scales, group));
                FloatVector offset = FloatVector.broadcast(F, minimum * VectorBlocks.of(minima, group));
                // The lower halves of 32 bytes, then the upper ones.
                long bytes = block + 16 + 32 * (group / 2);
                int shift = 4 * (group % 2);
                for (int j = 0; j < 32; j += LANES) {
                    IntVector fours = VectorBlocks.unsigned(bytes + j).lanewise(VectorOperators.LSHR, shift);
                    y = load(x + 4L * j).fma(VectorBlocks.low(fours).fma(factor, offset), y);
                }
                x += 4 * 32;
            }
            block += 144;
        }
        y.intoArray(tile, at);
    }

    private static void q6k(long block, long x, int blocks, float[] tile, int at) {
        FloatVector y = FloatVector.zero(F);
        for (int i = 0; i < blocks; i++) {
            float scale = VectorBlocks.half(block + 208);
            for (int group = 0; group < 16; group++) {
                // 64 bytes of fours, whose lower halves come first, and 32 of twos, in each half of the block.
                long fours = block + 64 * (group / 8) + 16 * (group % 4);
                long twos = block + 128 + 32 * (group / 8) + 16 * (group % 2);
                int shift = group % 8 / 4 * 4;
                int twoShift = group % 8 / 2 * 2;
                FloatVector factor = FloatVector.broadcast(F, scale * Memory.getByte(block + 192 + group));
                for (int j = 0; j < 16; j += LANES) {
                    IntVector two = VectorBlocks.unsigned(twos + j).lanewise(VectorOperators.LSHR, twoShift);
                    y = load(x + 4L * j).fma(VectorBlocks.six(VectorBlocks.unsigned(fours + j), shift, two).mul(factor), y);
                }
                x += 4 * 16;
            }
            block += 210;
        }
        y.intoArray(tile, at);
    }
}
