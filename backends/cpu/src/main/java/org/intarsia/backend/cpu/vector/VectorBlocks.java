package org.intarsia.backend.cpu.vector;

import static org.intarsia.backend.cpu.host.Memory.ALL;
import static org.intarsia.backend.cpu.host.Memory.ORDER;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.graph.Blocks;
import org.intarsia.graph.Encoding;

/**
 * Reads the block-quantised encodings; see {@link Blocks} for what their bytes mean.
 *
 * <p>A value is a small integer times a scale, less a minimum. Both products are exact in binary32, so one fused
 * multiply-add gives the bits of {@link Blocks#decode}.
 */
public final class VectorBlocks {
    private static final VectorSpecies<Float> F = VectorMath.F;
    private static final VectorSpecies<Integer> I = VectorMath.I;
    private static final int LANES = F.length();
    /** As many bytes as there are floats in a vector; there are none shorter than 8. */
    private static final VectorSpecies<Byte> B =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));
    private static final IntVector INDEX = IntVector.zero(I).addIndex(1);
    private static final int LOW = 0x0F0F0F0F;
    private static final int TWO = 0x03030303;

    private VectorBlocks() {
    }

    /** Tells whether this class reads the encoding on this processor; otherwise {@link Blocks} does. */
    static boolean reads(Encoding encoding) {
        return LANES >= 8 && encoding.isBlockQuantised();
    }

    static IntVector unsigned(long address) {
        return (IntVector) ByteVector.fromMemorySegment(B, ALL, address, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
    }

    static FloatVector signed(long address) {
        return floats((IntVector) ByteVector.fromMemorySegment(B, ALL, address, ORDER).convertShape(VectorOperators.B2I, I, 0));
    }

    static FloatVector floats(IntVector integers) {
        return (FloatVector) integers.convert(VectorOperators.I2F, 0);
    }

    /** The lower half of each byte. */
    static FloatVector low(IntVector bytes) {
        return floats(bytes.and(0xF));
    }

    /** The upper half of each byte. */
    static FloatVector high(IntVector bytes) {
        return floats(bytes.lanewise(VectorOperators.LSHR, 4));
    }

    /** 4 bits of a byte, after a shift to the right, with 2 bits of another above them, less 32. */
    static FloatVector six(IntVector fours, int shift, IntVector twos) {
        return floats(fours.lanewise(VectorOperators.LSHR, shift).and(0xF)
                .or(twos.and(3).lanewise(VectorOperators.LSHL, 4)).sub(32));
    }

    static float half(long address) {
        return Float.float16ToFloat(Memory.getShort(address));
    }

    /** The scales of the eight groups of a block of Q4_K or Q5_K, a byte each. */
    public static long scales(long block) {
        int upper = Memory.getInt(block + 12) & LOW | (Memory.getInt(block + 4) >>> 6 & TWO) << 4;
        return (long) upper << 32 | Memory.getInt(block + 4) & 0x3F3F3F3FL;
    }

    /** The minima of the eight groups of a block of Q4_K or Q5_K, a byte each. */
    public static long minima(long block) {
        int upper = Memory.getInt(block + 12) >>> 4 & LOW | (Memory.getInt(block + 8) >>> 6 & TWO) << 4;
        return (long) upper << 32 | Memory.getInt(block + 8) & 0x3F3F3F3FL;
    }

    static float of(long bytes, int index) {
        return (int) (bytes >>> 8 * index & 0xFF);
    }

    private static void store(FloatVector values, long address) {
        values.intoMemorySegment(ALL, address, ORDER);
    }

    /** Whole blocks, as {@link org.intarsia.backend.cpu.kernel.TileKernels#decode}. */
    static void decode(Encoding encoding, long source, long target, int count) {
        switch (encoding) {
            case Q8_0 -> q8(source, target, count / 32);
            case Q4_0 -> q4(source, target, count / 32);
            case Q4_1 -> q4WithMinimum(source, target, count / 32);
            case Q5_0 -> q5(source, target, count / 32);
            case Q5_1 -> q5WithMinimum(source, target, count / 32);
            case Q2_K -> q2k(source, target, count / 256);
            case Q3_K -> q3k(source, target, count / 256);
            case Q4_K -> q4k(source, target, count / 256);
            case Q5_K -> q5k(source, target, count / 256);
            case Q6_K -> q6k(source, target, count / 256);
            default -> throw new IllegalArgumentException(encoding + " has no blocks");
        }
    }

    private static void q8(long block, long to, int blocks) {
        for (int i = 0; i < blocks; i++) {
            float scale = half(block);
            for (int j = 0; j < 32; j += LANES) {
                store(signed(block + 2 + j).mul(scale), to + 4L * j);
            }
            block += 34;
            to += 4 * 32;
        }
    }

    private static void q4(long block, long to, int blocks) {
        for (int i = 0; i < blocks; i++) {
            float scale = half(block);
            for (int j = 0; j < 16; j += LANES) {
                IntVector bytes = unsigned(block + 2 + j);
                store(low(bytes).sub(8).mul(scale), to + 4L * j);
                store(high(bytes).sub(8).mul(scale), to + 4L * (16 + j));
            }
            block += 18;
            to += 4 * 32;
        }
    }

    private static void q4WithMinimum(long block, long to, int blocks) {
        for (int i = 0; i < blocks; i++) {
            FloatVector scale = FloatVector.broadcast(F, half(block));
            FloatVector minimum = FloatVector.broadcast(F, half(block + 2));
            for (int j = 0; j < 16; j += LANES) {
                IntVector bytes = unsigned(block + 4 + j);
                store(low(bytes).fma(scale, minimum), to + 4L * j);
                store(high(bytes).fma(scale, minimum), to + 4L * (16 + j));
            }
            block += 20;
            to += 4 * 32;
        }
    }

    private static void q5(long block, long to, int blocks) {
        for (int i = 0; i < blocks; i++) {
            float scale = half(block);
            IntVector fifths = IntVector.broadcast(I, Memory.getInt(block + 2));
            for (int j = 0; j < 16; j += LANES) {
                IntVector bytes = unsigned(block + 6 + j);
                store(floats(bytes.and(0xF).or(fifth(fifths, j)).sub(16)).mul(scale), to + 4L * j);
                store(floats(bytes.lanewise(VectorOperators.LSHR, 4).or(fifth(fifths, 16 + j)).sub(16)).mul(scale), to + 4L * (16 + j));
            }
            block += 22;
            to += 4 * 32;
        }
    }

    private static void q5WithMinimum(long block, long to, int blocks) {
        for (int i = 0; i < blocks; i++) {
            FloatVector scale = FloatVector.broadcast(F, half(block));
            FloatVector minimum = FloatVector.broadcast(F, half(block + 2));
            IntVector fifths = IntVector.broadcast(I, Memory.getInt(block + 4));
            for (int j = 0; j < 16; j += LANES) {
                IntVector bytes = unsigned(block + 8 + j);
                store(floats(bytes.and(0xF).or(fifth(fifths, j))).fma(scale, minimum), to + 4L * j);
                store(floats(bytes.lanewise(VectorOperators.LSHR, 4).or(fifth(fifths, 16 + j))).fma(scale, minimum), to + 4L * (16 + j));
            }
            block += 24;
            to += 4 * 32;
        }
    }

    /** Neighbouring bits of a word, from a place on, each as the fifth bit of a lane. */
    private static IntVector fifth(IntVector word, int from) {
        return word.lanewise(VectorOperators.LSHR, INDEX.add(from)).and(1).lanewise(VectorOperators.LSHL, 4);
    }

    private static void q2k(long block, long to, int blocks) {
        for (int i = 0; i < blocks; i++) {
            float scale = half(block + 80);
            float minimum = -half(block + 82);
            for (int eighth = 0; eighth < 8; eighth++) {
                long twos = block + 16 + 32 * (eighth / 4);
                int shift = eighth % 4 * 2;
                for (int j = 0; j < 32; j += LANES) {
                    int both = Memory.getByte(block + 2 * eighth + j / 16) & 0xFF;
                    store(floats(unsigned(twos + j).lanewise(VectorOperators.LSHR, shift).and(3))
                            .fma(FloatVector.broadcast(F, scale * (both & 0xF)), FloatVector.broadcast(F, minimum * (both >> 4))),
                            to + 4L * j);
                }
                to += 4 * 32;
            }
            block += 84;
        }
    }

    private static void q3k(long block, long to, int blocks) {
        for (int i = 0; i < blocks; i++) {
            float scale = half(block + 108);
            for (int eighth = 0; eighth < 8; eighth++) {
                long twos = block + 32 + 32 * (eighth / 4);
                int shift = eighth % 4 * 2;
                for (int j = 0; j < 32; j += LANES) {
                    int group = 2 * eighth + j / 16;
                    int low = (Memory.getByte(block + 96 + group % 8) & 0xFF) >> 4 * (group / 8) & 0xF;
                    int upper = (Memory.getByte(block + 104 + group % 4) & 0xFF) >> 2 * (group / 4) & 3;
                    // The third bit says that nothing is taken off.
                    IntVector third = unsigned(block + j).lanewise(VectorOperators.LSHR, eighth).and(1).lanewise(VectorOperators.LSHL, 2);
                    store(floats(unsigned(twos + j).lanewise(VectorOperators.LSHR, shift).and(3).add(third).sub(4))
                            .mul(scale * ((low | upper << 4) - 32)), to + 4L * j);
                }
                to += 4 * 32;
            }
            block += 110;
        }
    }

    private static void q5k(long block, long to, int blocks) {
        for (int i = 0; i < blocks; i++) {
            float scale = half(block);
            float minimum = -half(block + 2);
            long scales = scales(block);
            long minima = minima(block);
            for (int group = 0; group < 8; group++) {
                FloatVector groupScale = FloatVector.broadcast(F, scale * of(scales, group));
                FloatVector groupMinimum = FloatVector.broadcast(F, minimum * of(minima, group));
                for (int j = 0; j < 32; j += LANES) {
                    IntVector fours = unsigned(block + 48 + 32 * (group / 2) + j).lanewise(VectorOperators.LSHR, group % 2 * 4).and(0xF);
                    IntVector fifth = unsigned(block + 16 + j).lanewise(VectorOperators.LSHR, group).and(1)
                            .lanewise(VectorOperators.LSHL, 4);
                    store(floats(fours.or(fifth)).fma(groupScale, groupMinimum), to + 4L * j);
                }
                to += 4 * 32;
            }
            block += 176;
        }
    }

    private static void q4k(long block, long to, int blocks) {
        for (int i = 0; i < blocks; i++) {
            float scale = half(block);
            float minimum = -half(block + 2);
            long scales = scales(block);
            long minima = minima(block);
            for (int group = 0; group < 8; group += 2) {
                FloatVector lowScale = FloatVector.broadcast(F, scale * of(scales, group));
                FloatVector lowMinimum = FloatVector.broadcast(F, minimum * of(minima, group));
                FloatVector highScale = FloatVector.broadcast(F, scale * of(scales, group + 1));
                FloatVector highMinimum = FloatVector.broadcast(F, minimum * of(minima, group + 1));
                for (int j = 0; j < 32; j += LANES) {
                    IntVector bytes = unsigned(block + 16 + 16 * group + j);
                    store(low(bytes).fma(lowScale, lowMinimum), to + 4L * (32 * group + j));
                    store(high(bytes).fma(highScale, highMinimum), to + 4L * (32 * group + 32 + j));
                }
            }
            block += 144;
            to += 4 * 256;
        }
    }

    private static void q6k(long block, long to, int blocks) {
        for (int i = 0; i < blocks; i++) {
            float scale = half(block + 208);
            for (int quarter = 0; quarter < 4; quarter++) {
                // The lower or the upper half of 64 bytes, in the first or the second half of the block.
                long fours = block + 64 * (quarter / 2);
                long twos = block + 128 + 32 * (quarter / 2);
                int scales = Memory.getInt(block + 192 + 4 * quarter);
                int shift = 4 * (quarter % 2);
                for (int j = 0; j < 32; j += LANES) {
                    IntVector two = unsigned(twos + j).lanewise(VectorOperators.LSHR, shift);
                    int group = 8 * (j / 16);
                    store(six(unsigned(fours + j), shift, two).mul(scale * (byte) (scales >> group)), to + 4L * j);
                    store(six(unsigned(fours + 32 + j), shift, two.lanewise(VectorOperators.LSHR, 2))
                            .mul(scale * (byte) (scales >> 16 + group)), to + 4L * (32 + j));
                }
                to += 4 * 64;
            }
            block += 210;
        }
    }
}
