package org.intarsia.backend.api;

import java.lang.foreign.MemorySegment;
import org.intarsia.graph.TensorType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A tensor in a device's memory. Not safe for use by several threads, nor while a plan that it is bound to runs.
 */
@ProviderType
public interface Buffer extends AutoCloseable {

    TensorType type();

    /**
     * Copies bytes from the host to the start of this buffer; what lies behind stays.
     *
     * @throws BackendException when there are more bytes than the buffer holds, or it is for reading only
     */
    void write(MemorySegment source);

    /** Copies bytes from the start of this buffer until {@code target} is full. */
    void read(MemorySegment target);

    /** Gives the memory back. Closing twice is harmless. */
    @Override
    void close();

    /** Writes F32 values to the start of this buffer. */
    default void write(float... values) {
        write(MemorySegment.ofArray(values));
    }

    /** Writes I32 values to the start of this buffer. */
    default void write(int... values) {
        write(MemorySegment.ofArray(values));
    }

    /** Reads the first {@code count} F32 values. */
    default float[] floats(int count) {
        float[] values = new float[count];
        read(MemorySegment.ofArray(values));
        return values;
    }

    /** Reads the first {@code count} I32 values. */
    default int[] ints(int count) {
        int[] values = new int[count];
        read(MemorySegment.ofArray(values));
        return values;
    }
}
