package org.intarsia.engine.scheduler;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.intarsia.backend.api.Buffer;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.TensorType;

/** A tensor in the memory of this process: what was written into it last. F32 or I32. */
final class HostBuffer implements Buffer {
    private final TensorType type;
    private MemorySegment content = MemorySegment.NULL;

    HostBuffer(TensorType type) {
        this.type = type;
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public void write(MemorySegment source) {
        content = type.encoding() == Encoding.F32 ? MemorySegment.ofArray(source.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                : MemorySegment.ofArray(source.toArray(ValueLayout.JAVA_INT_UNALIGNED));
    }

    @Override
    public void read(MemorySegment target) {
        target.copyFrom(content.asSlice(0, target.byteSize()));
    }

    /** Returns what was written; not a copy. */
    MemorySegment content() {
        return content;
    }

    /** The memory is the garbage collector's. */
    @Override
    public void close() {
    }
}
