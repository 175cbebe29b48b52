package org.intarsia.graph;

import static org.intarsia.graph.BlockBits.half;
import static org.intarsia.graph.BlockBits.level;
import static org.intarsia.graph.BlockBits.putByte;
import static org.intarsia.graph.BlockBits.putHalf;
import static org.intarsia.graph.BlockBits.signed;
import static org.intarsia.graph.BlockBits.unsigned;
import static org.intarsia.graph.BlockBits.word;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32 values that share one scale, a binary16 in front, and for some kinds a minimum behind it. Two 4-bit values
 * share a byte: the lower half holds those of the block's first half. A fifth bit stands in a word of its own.
 */
final class Blocks32 {
    private static final int HALF_BLOCK = 16;

    private Blocks32() {
    }

    static void decodeQ4WithScale(MemorySegment source, long offset, float[] target, int from) {
        float scale = half(source, offset);
        for (int i = 0; i < HALF_BLOCK; i++) {
            int pair = unsigned(source, offset + 2 + i);
            target[from + i] = scale * ((pair & 0xF) - 8);
            target[from + HALF_BLOCK + i] = scale * ((pair >> 4) - 8);
        }
    }

    static void decodeQ4WithMinimum(MemorySegment source, long offset, float[] target, int from) {
        float scale = half(source, offset);
        float minimum = half(source, offset + 2);
        for (int i = 0; i < HALF_BLOCK; i++) {
            int pair = unsigned(source, offset + 4 + i);
            target[from + i] = scale * (pair & 0xF) + minimum;
            target[from + HALF_BLOCK + i] = scale * (pair >> 4) + minimum;
        }
    }

    static void decodeQ5WithScale(MemorySegment source, long offset, float[] target, int from) {
        float scale = half(source, offset);
        int fifths = word(source, offset + 2);
        for (int i = 0; i < HALF_BLOCK; i++) {
            int pair = unsigned(source, offset + 6 + i);
            target[from + i] = scale * ((pair & 0xF | fifth(fifths, i)) - 16);
            target[from + HALF_BLOCK + i] = scale * ((pair >> 4 | fifth(fifths, HALF_BLOCK + i)) - 16);
        }
    }

    static void decodeQ5WithMinimum(MemorySegment source, long offset, float[] target, int from) {
        float scale = half(source, offset);
        float minimum = half(source, offset + 2);
        int fifths = word(source, offset + 4);
        for (int i = 0; i < HALF_BLOCK; i++) {
            int pair = unsigned(source, offset + 8 + i);
            target[from + i] = scale * (pair & 0xF | fifth(fifths, i)) + minimum;
            target[from + HALF_BLOCK + i] = scale * (pair >> 4 | fifth(fifths, HALF_BLOCK + i)) + minimum;
        }
    }

    private static int fifth(int fifths, int index) {
        return (fifths >>> index & 1) << 4;
    }

    static void decodeQ8(MemorySegment source, long offset, float[] target, int from) {
        float scale = half(source, offset);
        for (int i = 0; i < 2 * HALF_BLOCK; i++) {
            target[from + i] = scale * signed(source, offset + 2 + i);
        }
    }

    /** The value of largest magnitude becomes the level -8, of which there is no positive counterpart. */
    static void encodeQ4WithScale(float[] source, int from, MemorySegment target, long offset) {
        float scale = putHalf(target, offset, largest(source, from) / -8, Encoding.Q4_0);
        for (int i = 0; i < HALF_BLOCK; i++) {
            int low = level(source[from + i], scale, -8, 7) + 8;
            int high = level(source[from + HALF_BLOCK + i], scale, -8, 7) + 8;
            putByte(target, offset + 2 + i, low | high << 4);
        }
    }

    static void encodeQ8(float[] source, int from, MemorySegment target, long offset) {
        float scale = putHalf(target, offset, Math.abs(largest(source, from)) / 127, Encoding.Q8_0);
        for (int i = 0; i < 2 * HALF_BLOCK; i++) {
            putByte(target, offset + 2 + i, level(source[from + i], scale, -127, 127));
        }
    }

    private static float largest(float[] values, int from) {
        float largest = 0;
        for (int i = from; i < from + 2 * HALF_BLOCK; i++) {
            largest = Math.abs(values[i]) > Math.abs(largest) ? values[i] : largest;
        }
        return largest;
    }
}
