package org.intarsia.graph;

import static org.intarsia.graph.BlockBits.half;
import static org.intarsia.graph.BlockBits.level;
import static org.intarsia.graph.BlockBits.putByte;
import static org.intarsia.graph.BlockBits.putHalf;
import static org.intarsia.graph.BlockBits.signed;
import static org.intarsia.graph.BlockBits.unsigned;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 256 values in groups of 16 or 32. A group has a scale, and for some kinds a minimum, which are themselves small
 * integers; the block has the binary16 that these are multiplied with.
 *
 * <p>The bits of a value lie in planes: 2-bit fields of 32 bytes hold 128 values, the first 32 of them lowest; 4-bit fields
 * of 32 bytes hold 64 values; single bits of 32 bytes hold all 256.
 */
final class Blocks256 {
    private static final int ELEMENTS = 256;

    private Blocks256() {
    }

    /** 16 bytes of scales and minima, 64 bytes of 2-bit fields, scale, minimum. */
    static void decodeQ2(MemorySegment source, long offset, float[] target, int from) {
        float scale = half(source, offset + 80);
        float minimum = half(source, offset + 82);
        for (int group = 0; group < 16; group++) {
            int both = unsigned(source, offset + group);
            float groupScale = scale * (both & 0xF);
            float groupMinimum = minimum * (both >> 4);
            for (int i = 16 * group; i < 16 * group + 16; i++) {
                target[from + i] = groupScale * twoBits(source, offset + 16, i) - groupMinimum;
            }
        }
    }

    /** 32 bytes of single bits, 64 bytes of 2-bit fields, 12 bytes of 6-bit scales, scale. */
    static void decodeQ3(MemorySegment source, long offset, float[] target, int from) {
        float scale = half(source, offset + 108);
        for (int group = 0; group < 16; group++) {
            int low = unsigned(source, offset + 96 + group % 8) >> 4 * (group / 8) & 0xF;
            int high = unsigned(source, offset + 104 + group % 4) >> 2 * (group / 4) & 3;
            float groupScale = scale * ((low | high << 4) - 32);
            for (int i = 16 * group; i < 16 * group + 16; i++) {
                // The third bit says that nothing is taken off.
                int value = twoBits(source, offset + 32, i) - 4 + 4 * oneBit(source, offset, i);
                target[from + i] = groupScale * value;
            }
        }
    }

    /** Scale, minimum, 12 bytes of 6-bit scales and minima, 128 bytes of 4-bit fields. */
    static void decodeQ4(MemorySegment source, long offset, float[] target, int from) {
        float scale = half(source, offset);
        float minimum = half(source, offset + 2);
        for (int group = 0; group < 8; group++) {
            float groupScale = scale * scaleOf(source, offset + 4, group);
            float groupMinimum = minimum * minimumOf(source, offset + 4, group);
            for (int i = 32 * group; i < 32 * group + 32; i++) {
                target[from + i] = groupScale * fourBits(source, offset + 16, i) - groupMinimum;
            }
        }
    }

    /** Scale, minimum, 12 bytes of 6-bit scales and minima, 32 bytes of single bits, 128 bytes of 4-bit fields. */
    static void decodeQ5(MemorySegment source, long offset, float[] target, int from) {
        float scale = half(source, offset);
        float minimum = half(source, offset + 2);
        for (int group = 0; group < 8; group++) {
            float groupScale = scale * scaleOf(source, offset + 4, group);
            float groupMinimum = minimum * minimumOf(source, offset + 4, group);
            for (int i = 32 * group; i < 32 * group + 32; i++) {
                int value = fourBits(source, offset + 48, i) | oneBit(source, offset + 16, i) << 4;
                target[from + i] = groupScale * value - groupMinimum;
            }
        }
    }

    /** 128 bytes of 4-bit fields, 64 bytes of 2-bit fields, 16 bytes of scales, scale. */
    static void decodeQ6(MemorySegment source, long offset, float[] target, int from) {
        float scale = half(source, offset + 208);
        for (int group = 0; group < 16; group++) {
            float groupScale = scale * signed(source, offset + 192 + group);
            for (int i = 16 * group; i < 16 * group + 16; i++) {
                // Unlike those of the other kinds, a byte holds the values i and i + 64.
                int low = unsigned(source, offset + i / 128 * 64 + i % 64) >> i / 64 % 2 * 4 & 0xF;
                target[from + i] = groupScale * ((low | twoBits(source, offset + 128, i) << 4) - 32);
            }
        }
    }

    private static int oneBit(MemorySegment source, long offset, int index) {
        return unsigned(source, offset + index % 32) >> index / 32 & 1;
    }

    private static int twoBits(MemorySegment source, long offset, int index) {
        return unsigned(source, offset + index / 128 * 32 + index % 32) >> index / 32 % 4 * 2 & 3;
    }

    private static int fourBits(MemorySegment source, long offset, int index) {
        return unsigned(source, offset + index / 64 * 32 + index % 32) >> index / 32 % 2 * 4 & 0xF;
    }

    /** Groups 0 to 3 have their 6 bits together; the upper two bits of the others stand above those. */
    private static int scaleOf(MemorySegment source, long offset, int group) {
        return group < 4 ? unsigned(source, offset + group) & 0x3F
                : unsigned(source, offset + 4 + group) & 0xF | unsigned(source, offset + group - 4) >> 2 & 0x30;
    }

    private static int minimumOf(MemorySegment source, long offset, int group) {
        return group < 4 ? unsigned(source, offset + 4 + group) & 0x3F
                : unsigned(source, offset + 4 + group) >> 4 | unsigned(source, offset + group) >> 2 & 0x30;
    }

    static void encodeQ4(float[] source, int from, MemorySegment target, long offset) {
        GroupScales groups = GroupScales.withMinima(source, from);
        float scale = putHalf(target, offset, groups.largestScale() / 63, Encoding.Q4_K);
        float minimum = putHalf(target, offset + 2, groups.largestMinimum() / 63, Encoding.Q4_K);
        int[] scales = new int[8];
        int[] minima = new int[8];
        for (int group = 0; group < 8; group++) {
            scales[group] = level(groups.scales()[group], scale, 0, 63);
            minima[group] = level(groups.minima()[group], minimum, 0, 63);
        }
        for (int group = 0; group < 4; group++) {
            putByte(target, offset + 4 + group, scales[group] | scales[group + 4] >> 4 << 6);
            putByte(target, offset + 8 + group, minima[group] | minima[group + 4] >> 4 << 6);
            putByte(target, offset + 12 + group, scales[group + 4] & 0xF | (minima[group + 4] & 0xF) << 4);
        }
        for (int i = 0; i < ELEMENTS; i += 64) {
            int group = i / 32;
            for (int j = i; j < i + 32; j++) {
                int low = level(source[from + j] + minimum * minima[group], scale * scales[group], 0, 15);
                int high = level(source[from + j + 32] + minimum * minima[group + 1], scale * scales[group + 1], 0, 15);
                putByte(target, offset + 16 + j - i / 2, low | high << 4);
            }
        }
    }

    static void encodeQ6(float[] source, int from, MemorySegment target, long offset) {
        GroupScales groups = GroupScales.around0(source, from);
        float scale = putHalf(target, offset + 208, groups.largestScale() / -128, Encoding.Q6_K);
        int[] values = new int[ELEMENTS];
        for (int group = 0; group < 16; group++) {
            int groupScale = level(groups.scales()[group], scale, -128, 127);
            putByte(target, offset + 192 + group, groupScale);
            for (int i = 16 * group; i < 16 * group + 16; i++) {
                values[i] = level(source[from + i], scale * groupScale, -32, 31) + 32;
            }
        }
        for (int half = 0; half < 2; half++) {
            int first = 128 * half;
            for (int i = 0; i < 64; i++) {
                putByte(target, offset + 64 * half + i, values[first + i] & 0xF | (values[first + 64 + i] & 0xF) << 4);
            }
            for (int i = first; i < first + 32; i++) {
                putByte(target, offset + 128 + 32 * half + i - first, values[i] >> 4 | values[i + 32] >> 4 << 2
                        | values[i + 64] >> 4 << 4 | values[i + 96] >> 4 << 6);
            }
        }
    }
}
