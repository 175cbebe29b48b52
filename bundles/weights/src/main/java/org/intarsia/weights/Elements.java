package org.intarsia.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.TensorType;

/**
 * Elements of tensors as Java values, and back. Arrays hold at most 2³¹ - 1 of them. Every platform that Java 25 runs our
 * vector code on is little-endian, as the files are, so whole arrays are copied as they lie in memory.
 */
final class Elements {
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Elements() {
    }

    static float[] floats(Tensor tensor) {
        if (tensor.type().encoding().isInteger()) {
            throw new WeightsException(described(tensor) + " holds integers, so it has no floating-point values");
        }
        float[] values = new float[count(tensor)];
        MemorySegment content = tensor.content();
        switch (tensor.type().encoding()) {
            case F32 -> MemorySegment.copy(content, FLOAT, 0, values, 0, values.length);
            case F16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.float16ToFloat(content.get(SHORT, 2L * i));
                }
            }
            default -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat(content.get(SHORT, 2L * i) << 16);
                }
            }
        }
        return values;
    }

    static int[] ints(Tensor tensor) {
        if (!tensor.type().encoding().isInteger()) {
            throw new WeightsException(described(tensor) + " holds floating-point values, so it has no integers");
        }
        int[] values = new int[count(tensor)];
        MemorySegment content = tensor.content();
        if (tensor.type().encoding() == Encoding.I32) {
            MemorySegment.copy(content, INT, 0, values, 0, values.length);
            return values;
        }
        for (int i = 0; i < values.length; i++) {
            long value = content.get(LONG, 8L * i);
            if (value != (int) value) {
                throw new WeightsException(described(tensor) + " holds " + value + ", which does not fit into 32 bits");
            }
            values[i] = (int) value;
        }
        return values;
    }

    static Tensor encode(Tensor tensor, Encoding encoding) {
        Encoding from = tensor.type().encoding();
        if (from == encoding) {
            return tensor;
        }
        if (from.isInteger() != encoding.isInteger()) {
            throw new WeightsException(described(tensor) + " cannot be stored as " + encoding
                    + ": integers and floating-point values are not converted into each other");
        }
        TensorType type = new TensorType(tensor.shape(), encoding);
        MemorySegment content = allocate(type);
        if (encoding.isInteger()) {
            encodeInts(tensor.ints(), encoding, content);
        } else {
            encodeFloats(tensor.floats(), encoding, content);
        }
        return new Tensor(tensor.name(), type, content.asReadOnly());
    }

    private static void encodeInts(int[] values, Encoding encoding, MemorySegment content) {
        if (encoding == Encoding.I32) {
            MemorySegment.copy(values, 0, content, INT, 0, values.length);
            return;
        }
        for (int i = 0; i < values.length; i++) {
            content.set(LONG, 8L * i, values[i]);
        }
    }

    private static void encodeFloats(float[] values, Encoding encoding, MemorySegment content) {
        switch (encoding) {
            case F32 -> MemorySegment.copy(values, 0, content, FLOAT, 0, values.length);
            case F16 -> {
                for (int i = 0; i < values.length; i++) {
                    content.set(SHORT, 2L * i, Float.floatToFloat16(values[i]));
                }
            }
            default -> {
                for (int i = 0; i < values.length; i++) {
                    content.set(SHORT, 2L * i, brainFloat(values[i]));
                }
            }
        }
    }

    /** The nearest BF16 value, ties to even. */
    static short brainFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            // Rounding could carry a NaN's fraction away and leave an infinity: keep its upper bits and make it quiet.
            return (short) (bits >>> 16 | 0x40);
        }
        int tie = bits >>> 16 & 1;
        return (short) (bits + 0x7fff + tie >>> 16);
    }

    static Tensor copyOf(String name, TensorType type, MemorySegment values) {
        if (values.byteSize() != type.bytes()) {
            throw new WeightsException("the tensor '" + name + "' of type " + type + " takes " + type.shape().elements()
                    + " values, but " + values.byteSize() / type.encoding().bytes(1) + " are given");
        }
        MemorySegment content = allocate(type);
        MemorySegment.copy(values, JAVA_BYTE, 0, content, JAVA_BYTE, 0, type.bytes());
        return new Tensor(name, type, content.asReadOnly());
    }

    private static MemorySegment allocate(TensorType type) {
        return Arena.ofAuto().allocate(type.bytes(), Long.BYTES);
    }

    private static int count(Tensor tensor) {
        long count = tensor.shape().elements();
        if (count > Integer.MAX_VALUE - 8) {
            throw new WeightsException(described(tensor) + " has too many values for one array; read its content in place");
        }
        return (int) count;
    }

    private static String described(Tensor tensor) {
        return "the tensor '" + tensor.name() + "' of type " + tensor.type();
    }
}
