package org.intarsia.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.stream.LongStream;
import org.intarsia.graph.Blocks;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphException;
import org.intarsia.graph.TensorType;
import org.intarsia.text.Quoted;

/**
 * Elements of tensors as Java values, and back. Arrays hold at most 2³¹ - 1 of them. Every platform that Java 25 runs our
 * vector code on is little-endian, as the files are, so whole arrays are copied as they lie in memory.
 */
final class Elements {
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** So many elements are converted at a time: whole blocks of every encoding. */
    private static final int PIECE = 1 << 14;

    private Elements() {
    }

    static float[] floats(Tensor tensor) {
        float[] values = new float[count(tensor)];
        floats(tensor, 0, values, 0, values.length);
        return values;
    }

    /** The {@code count} values from element {@code first} on; for block-quantised tensors both are whole blocks. */
    static void floats(Tensor tensor, long first, float[] target, int from, int count) {
        Encoding encoding = tensor.type().encoding();
        if (encoding.isInteger()) {
            throw new WeightsException(described(tensor) + " holds integers, so it has no floating-point values");
        }
        MemorySegment content = tensor.content();
        long offset = encoding.bytes(first);
        switch (encoding) {
            case F32 -> MemorySegment.copy(content, FLOAT, offset, target, from, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target[from + i] = Float.float16ToFloat(content.get(SHORT, offset + 2L * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    target[from + i] = Float.intBitsToFloat(content.get(SHORT, offset + 2L * i) << 16);
                }
            }
            default -> Blocks.decode(encoding, content, offset, target, from, count);
        }
    }

    static int[] ints(Tensor tensor) {
        if (!tensor.type().encoding().isInteger()) {
            throw new WeightsException(described(tensor) + " holds floating-point values, so it has no integers");
        }
        int[] values = new int[count(tensor)];
        ints(tensor, 0, values, values.length);
        return values;
    }

    private static void ints(Tensor tensor, long first, int[] target, int count) {
        MemorySegment content = tensor.content();
        if (tensor.type().encoding() == Encoding.I32) {
            MemorySegment.copy(content, INT, Integer.BYTES * first, target, 0, count);
            return;
        }
        if (tensor.type().encoding() == Encoding.U8) {
            for (int i = 0; i < count; i++) {
                target[i] = Byte.toUnsignedInt(content.get(JAVA_BYTE, first + i));
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            long value = content.get(LONG, Long.BYTES * (first + i));
            if (value != (int) value) {
                throw new WeightsException(described(tensor) + " holds " + value + ", which does not fit into 32 bits");
            }
            target[i] = (int) value;
        }
    }

    static Tensor encode(Tensor tensor, Encoding encoding) {
        if (tensor.type().encoding() == encoding) {
            return tensor;
        }
        TensorType type = encodedType(tensor, encoding);
        MemorySegment content = allocate(type);
        encode(tensor, 0, encoding, content);
        return new Tensor(tensor.name(), type, content.asReadOnly());
    }

    /**
     * What a tensor would be in another encoding.
     *
     * @throws WeightsException when it cannot be stored so
     */
    static TensorType encodedType(Tensor tensor, Encoding encoding) {
        if (encoding == Encoding.U8) {
            throw new WeightsException(described(tensor) + " cannot be stored as " + encoding + ": only pictures are");
        }
        if (tensor.type().encoding().isInteger() != encoding.isInteger()) {
            throw new WeightsException(described(tensor) + " cannot be stored as " + encoding
                    + ": integers and floating-point values are not converted into each other");
        }
        if (encoding.isBlockQuantised() && !Blocks.writable().contains(encoding)) {
            throw new WeightsException(described(tensor) + " cannot be stored as " + encoding
                    + ": values are quantised only into " + Blocks.writable().stream().sorted().toList());
        }
        try {
            return new TensorType(tensor.shape(), encoding);
        } catch (GraphException e) {
            throw new WeightsException(described(tensor) + " cannot be stored as " + encoding + ": its rows are not made of"
                    + " whole blocks of " + encoding.blockElements() + " elements", e);
        }
    }

    /** Fills {@code target} with the elements from {@code first} on in another encoding, on all processors. */
    static void encode(Tensor tensor, long first, Encoding encoding, MemorySegment target) {
        long elements = target.byteSize() / encoding.blockBytes() * encoding.blockElements();
        LongStream.range(0, Math.ceilDiv(elements, (long) PIECE)).parallel().forEach(piece -> {
            long begin = piece * PIECE;
            int count = (int) Math.min(PIECE, elements - begin);
            MemorySegment part = target.asSlice(encoding.bytes(begin), encoding.bytes(count));
            if (encoding.isInteger()) {
                int[] values = new int[count];
                ints(tensor, first + begin, values, count);
                putInts(values, encoding, part);
            } else {
                float[] values = new float[count];
                floats(tensor, first + begin, values, 0, count);
                putFloats(tensor, values, encoding, part);
            }
        });
    }

    private static void putInts(int[] values, Encoding encoding, MemorySegment content) {
        if (encoding == Encoding.I32) {
            MemorySegment.copy(values, 0, content, INT, 0, values.length);
            return;
        }
        for (int i = 0; i < values.length; i++) {
            content.set(LONG, 8L * i, values[i]);
        }
    }

    private static void putFloats(Tensor tensor, float[] values, Encoding encoding, MemorySegment content) {
        switch (encoding) {
            case F32 -> MemorySegment.copy(values, 0, content, FLOAT, 0, values.length);
            case F16 -> {
                for (int i = 0; i < values.length; i++) {
                    content.set(SHORT, 2L * i, Float.floatToFloat16(values[i]));
                }
            }
            case BF16 -> {
                for (int i = 0; i < values.length; i++) {
                    content.set(SHORT, 2L * i, brainFloat(values[i]));
                }
            }
            default -> {
                try {
                    Blocks.encode(encoding, values, 0, values.length, content, 0);
                } catch (GraphException e) {
                    throw new WeightsException(described(tensor) + " cannot be quantised (" + e.getMessage() + ")", e);
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
                    + " values, but " + values.byteSize() / type.encoding().blockBytes() * type.encoding().blockElements()
                    + " are given");
        }
        MemorySegment content = allocate(type);
        MemorySegment.copy(values, JAVA_BYTE, 0, content, JAVA_BYTE, 0, type.bytes());
        return new Tensor(name, type, content.asReadOnly());
    }

    /** Where the content of a tensor must lie, to be used in place: the scales of blocks have two bytes. */
    static int alignment(Encoding encoding) {
        return encoding.isBlockQuantised() ? Short.BYTES : encoding.blockBytes();
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
        return "the tensor " + Quoted.of(tensor.name()) + " of type " + tensor.type();
    }
}
