package org.intarsia.backend.cpu.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.HostMemory;
import org.intarsia.graph.TensorType;

/** A tensor in the host's memory: of its own, or in place in memory that somebody else owns. */
public final class CpuBuffer implements Buffer {
    /** Memory begins at a multiple of so many bytes, a line of the cache. */
    public static final long ALIGNMENT = 64;

    private final TensorType type;
    private final MemorySegment memory;
    private final Arena arena;
    private final LongConsumer freed;
    private boolean closed;

    private CpuBuffer(TensorType type, MemorySegment memory, Arena arena, LongConsumer freed) {
        this.type = type;
        this.memory = memory;
        this.arena = arena;
        this.freed = freed;
    }

    /** New memory, full of zeros. {@code freed} hears the bytes when it is given back. */
    public static CpuBuffer allocate(TensorType type, LongConsumer freed) {
        Arena arena = Arena.ofShared();
        return new CpuBuffer(type, allocate(arena, type.bytes()), arena, freed);
    }

    /** A view of memory that is closed elsewhere. */
    public static CpuBuffer view(TensorType type, MemorySegment memory) {
        return new CpuBuffer(type, memory, null, bytes -> { });
    }

    /** Allocates memory, full of zeros, that lives as long as the arena. Where the system gives no more, it closes the arena and throws. */
    public static MemorySegment allocate(Arena arena, long bytes) {
        try {
            return arena.allocate(Math.max(bytes, 1), ALIGNMENT);
        } catch (OutOfMemoryError full) {
            arena.close();
            throw new BackendException("cpu: " + (bytes >> 20) + " MiB are needed and the system gives no more (it has "
                    + (HostMemory.bytes() >> 20) + " MiB in all); use a smaller batch, context or model", full);
        }
    }

    @Override
    public TensorType type() {
        return type;
    }

    /** The address, after a check that the memory is still there. */
    public long address() {
        open();
        return memory.address();
    }

    /** The memory, where it is that of a mapped file. */
    Optional<MemorySegment> mapped() {
        return memory.isMapped() ? Optional.of(memory) : Optional.empty();
    }

    private void open() {
        if (closed) {
            throw new BackendException("cpu: the buffer " + type + " is closed already");
        }
        if (!memory.scope().isAlive()) {
            throw new BackendException("cpu: the memory behind the buffer " + type
                    + " was closed; keep the weights open while a model uses them");
        }
    }

    @Override
    public void write(MemorySegment source) {
        open();
        if (memory.isReadOnly()) {
            throw new BackendException("cpu: the buffer " + type + " is for reading only");
        }
        check(source.byteSize(), "written to");
        MemorySegment.copy(source, 0, memory, 0, source.byteSize());
    }

    @Override
    public void read(MemorySegment target) {
        open();
        check(target.byteSize(), "read from");
        MemorySegment.copy(memory, 0, target, 0, target.byteSize());
    }

    private void check(long bytes, String what) {
        if (bytes > type.bytes()) {
            throw new BackendException("cpu: " + bytes + " bytes cannot be " + what + " the buffer " + type + " of "
                    + type.bytes() + " bytes");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (arena != null) {
                arena.close();
                freed.accept(type.bytes());
            }
        }
    }
}
