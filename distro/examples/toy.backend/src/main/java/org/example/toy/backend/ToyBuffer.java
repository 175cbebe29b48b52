package org.example.toy.backend;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.graph.Blocks;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.TensorType;

/** A tensor as doubles on the heap. Only what goes in and out is in the tensor's own encoding. */
final class ToyBuffer implements Buffer {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final TensorType type;
    private final Consumer<ToyBuffer> onClose;
    private final long heapBytes;
    private double[] values;
    private boolean sealed;

    ToyBuffer(TensorType type, Consumer<ToyBuffer> onClose) {
        this.type = type;
        this.onClose = onClose;
        long elements = type.shape().bounded().elements();
        this.heapBytes = Double.BYTES * elements;
        this.values = zeros(elements);
    }

    /** So many doubles, or a sentence that says why there is no room for them. */
    static double[] zeros(long elements) {
        try {
            return new double[Math.toIntExact(elements)];
        } catch (ArithmeticException | OutOfMemoryError tooMany) {
            throw new BackendException("toy: " + (Double.BYTES * elements >> 20) + " MiB in one piece are needed, and the heap"
                    + " grows to " + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB in all; give it more with INTARSIA_JAVA_OPTS=-Xmx…, or use another backend", tooMany);
        }
    }

    @Override
    public TensorType type() {
        return type;
    }

    long heapBytes() {
        return heapBytes;
    }

    /** The values themselves, not a copy. */
    double[] values() {
        if (values == null) {
            throw new BackendException("toy: the buffer " + type + " is closed already");
        }
        return values;
    }

    /** From now on it is for reading only. */
    void seal() {
        sealed = true;
    }

    @Override
    public void write(MemorySegment source) {
        if (sealed) {
            throw new BackendException("toy: the buffer " + type + " is for reading only");
        }
        double[] target = values();
        if (type.encoding().isBlockQuantised()) {
            float[] decoded = new float[elements(source)];
            Blocks.decode(type.encoding(), source, 0, decoded, 0, decoded.length);
            Arrays.setAll(target, i -> i < decoded.length ? decoded[i] : target[i]);
            return;
        }
        for (int i = 0; i < elements(source); i++) {
            target[i] = decode(source, type.encoding(), i);
        }
    }

    @Override
    public void read(MemorySegment target) {
        double[] source = values();
        if (type.encoding().isBlockQuantised()) {
            throw new BackendException("toy: " + type + " cannot be read back, since nothing is computed into blocks");
        }
        for (int i = 0; i < elements(target); i++) {
            encode(target, type.encoding(), i, source[i]);
        }
    }

    private int elements(MemorySegment segment) {
        long bytes = segment.byteSize();
        long each = type.encoding().blockBytes();
        if (bytes > type.bytes() || bytes % each != 0) {
            throw new BackendException("toy: " + bytes + " bytes cannot be copied to or from the buffer " + type + ", which has "
                    + type.bytes() + " in pieces of " + each);
        }
        return (int) (bytes / each * type.encoding().blockElements());
    }

    private static double decode(MemorySegment source, Encoding encoding, long index) {
        long at = encoding.bytes(index);
        return switch (encoding) {
            case F32 -> Float.intBitsToFloat(source.get(INT, at));
            case F16 -> Float.float16ToFloat(source.get(SHORT, at));
            case BF16 -> Float.intBitsToFloat(source.get(SHORT, at) << 16);
            case I32 -> source.get(INT, at);
            case I64 -> source.get(LONG, at);
            default -> throw new BackendException("toy: one value of " + encoding + " cannot stand alone");
        };
    }

    private static void encode(MemorySegment target, Encoding encoding, long index, double value) {
        long at = encoding.bytes(index);
        long bits = encoding.bits(value);
        switch ((int) encoding.bytes(1)) {
            case Short.BYTES -> target.set(SHORT, at, (short) bits);
            case Integer.BYTES -> target.set(INT, at, (int) bits);
            default -> target.set(LONG, at, bits);
        }
    }

    @Override
    public void close() {
        values = null;
        onClose.accept(this);
    }
}
