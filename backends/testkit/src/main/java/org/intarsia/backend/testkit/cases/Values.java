package org.intarsia.backend.testkit.cases;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.intarsia.graph.Blocks;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.TensorType;

/** Numbers to bytes and back. */
public final class Values {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Values() {
    }

    /** The nearest value that the encoding can represent, ties to even. */
    public static double round(double value, Encoding encoding) {
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

    public static void encode(double[] values, Encoding encoding, MemorySegment target) {
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

    public static double[] decode(MemorySegment source, Encoding encoding) {
        int count = Math.toIntExact(source.byteSize() / encoding.blockBytes() * encoding.blockElements());
        double[] values = new double[count];
        if (encoding.isBlockQuantised()) {
            float[] floats = new float[count];
            Blocks.decode(encoding, source, 0, floats, 0, count);
            Arrays.setAll(values, i -> floats[i]);
            return values;
        }
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

    /** Random blocks whose scales are neither huge nor tiny. */
    public static byte[] blocks(TensorType type, SplittableRandom random) {
        byte[] bytes = new byte[Math.toIntExact(type.bytes())];
        random.nextBytes(bytes);
        MemorySegment segment = MemorySegment.ofArray(bytes);
        for (int block = 0; block < bytes.length; block += type.encoding().blockBytes()) {
            for (int place : scales(type.encoding())) {
                double scale = random.nextDouble(0.01, 0.02) * (random.nextBoolean() ? 1 : -1);
                segment.set(SHORT, block + place, Float.floatToFloat16((float) scale));
            }
        }
        return bytes;
    }

    /** Where a block has numbers in binary16. */
    private static int[] scales(Encoding encoding) {
        return switch (encoding) {
            case Q4_0, Q5_0, Q8_0 -> new int[] {0};
            case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
            case Q2_K -> new int[] {80, 82};
            case Q3_K -> new int[] {108};
            case Q6_K -> new int[] {208};
            default -> throw new IllegalArgumentException(encoding + " has no blocks");
        };
    }
}
