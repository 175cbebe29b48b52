package org.intarsia.backend.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.intarsia.graph.Encoding;

/** Numbers to bytes and back. */
final class Values {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Values() {
    }

    /** The nearest value that the encoding can represent, ties to even. */
    static double round(double value, Encoding encoding) {
        return switch (encoding) {
            case F32 -> (float) value;
            case F16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
            case BF16 -> Float.intBitsToFloat(bfloat16((float) value) << 16);
            case I32 -> (int) value;
            case I64 -> (long) value;
            default -> throw new IllegalArgumentException("one value of " + encoding + " cannot stand alone");
        };
    }

    private static int bfloat16(float value) {
        int bits = Float.floatToIntBits(value);
        if (Float.isNaN(value)) {
            return bits >>> 16;
        }
        int half = 0x7FFF + (bits >>> 16 & 1);
        return bits + half >>> 16;
    }

    static void encode(double[] values, Encoding encoding, MemorySegment target) {
        for (int i = 0; i < values.length; i++) {
            double value = values[i];
            switch (encoding) {
                case F32 -> target.setAtIndex(INT, i, Float.floatToRawIntBits((float) value));
                case F16 -> target.setAtIndex(SHORT, i, Float.floatToFloat16((float) value));
                case BF16 -> target.setAtIndex(SHORT, i, (short) bfloat16((float) value));
                case I32 -> target.setAtIndex(INT, i, (int) value);
                case I64 -> target.setAtIndex(LONG, i, (long) value);
                default -> throw new IllegalArgumentException("one value of " + encoding + " cannot stand alone");
            }
        }
    }

    static double[] decode(MemorySegment source, Encoding encoding) {
        double[] values = new double[Math.toIntExact(source.byteSize() / encoding.bytes(1))];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (encoding) {
                case F32 -> Float.intBitsToFloat(source.getAtIndex(INT, i));
                case F16 -> Float.float16ToFloat(source.getAtIndex(SHORT, i));
                case BF16 -> Float.intBitsToFloat(source.getAtIndex(SHORT, i) << 16);
                case I32 -> source.getAtIndex(INT, i);
                case I64 -> source.getAtIndex(LONG, i);
                default -> throw new IllegalArgumentException("one value of " + encoding + " cannot stand alone");
            };
        }
        return values;
    }
}
