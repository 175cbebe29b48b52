package org.intarsia.graph;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The small pieces that blocks are made of: bytes, scales in binary16, and rounding. */
final class BlockBits {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private BlockBits() {
    }

    static int unsigned(MemorySegment source, long offset) {
        return source.get(JAVA_BYTE, offset) & 0xFF;
    }

    static int signed(MemorySegment source, long offset) {
        return source.get(JAVA_BYTE, offset);
    }

    static int word(MemorySegment source, long offset) {
        return source.get(INT, offset);
    }

    static void putByte(MemorySegment target, long offset, int value) {
        target.set(JAVA_BYTE, offset, (byte) value);
    }

    static float half(MemorySegment source, long offset) {
        return Float.float16ToFloat(source.get(SHORT, offset));
    }

    /** Stores a scale as the nearest binary16 and gives that one, so that values are rounded by what a reader will see. */
    static float putHalf(MemorySegment target, long offset, float value, Encoding encoding) {
        // 0 is added to make -0 a 0, and with it all values of the block.
        short bits = Float.floatToFloat16(value + 0f);
        float stored = Float.float16ToFloat(bits);
        if (Float.isInfinite(stored)) {
            throw new GraphException("blocks: the values are too large for " + encoding + ", whose scales reach to 65504");
        }
        target.set(SHORT, offset, bits);
        return stored;
    }

    /** {@code value / scale}, rounded and kept in range; 0 where the scale is 0. */
    static int level(float value, float scale, int least, int most) {
        return scale == 0 ? 0 : Math.clamp(Math.round(value / scale), least, most);
    }
}
