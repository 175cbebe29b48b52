package org.intarsia.backend.gpu.plan;

import java.lang.foreign.MemorySegment;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.gpu.Driver;
import org.intarsia.graph.TensorType;

/** A tensor in a block of the device's memory. */
final class GpuBuffer implements Buffer {
    private final String device;
    private final TensorType type;
    private final Driver.Memory memory;
    private final long offset;
    private final boolean readOnly;
    private final Runnable onClose;
    private boolean closed;

    /** @param onClose gives the memory back; a view of memory that belongs to a plan does nothing */
    GpuBuffer(String device, TensorType type, Driver.Memory memory, long offset, boolean readOnly, Runnable onClose) {
        this.device = device;
        this.type = type;
        this.memory = memory;
        this.offset = offset;
        this.readOnly = readOnly;
        this.onClose = onClose;
    }

    @Override
    public TensorType type() {
        return type;
    }

    /** Whether it holds for good what it was made with. */
    boolean isReadOnly() {
        return readOnly;
    }

    Driver.Binding binding() {
        checkOpen();
        return new Driver.Binding(memory, offset, bytes(type));
    }

    /** What a tensor takes at least: no binding is empty, and kernels see 16-bit elements as parts of whole words. */
    static long bytes(TensorType type) {
        return Math.max(4, Math.ceilDiv(type.bytes(), 4) * 4);
    }

    void checkOpen() {
        if (closed) {
            throw new BackendException(device + ": the buffer " + type + " is closed already");
        }
    }

    @Override
    public void write(MemorySegment source) {
        checkOpen();
        if (readOnly) {
            throw new BackendException(device + ": the buffer " + type + " is for reading only");
        }
        check(source.byteSize(), "written to");
        memory.write(offset, source);
    }

    @Override
    public void read(MemorySegment target) {
        checkOpen();
        check(target.byteSize(), "read from");
        memory.read(offset, target);
    }

    private void check(long bytes, String what) {
        if (bytes > type.bytes()) {
            throw new BackendException(device + ": " + bytes + " bytes cannot be " + what + " the buffer " + type + " of "
                    + type.bytes() + " bytes");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            onClose.run();
        }
    }
}
