package org.intarsia.backend.vulkan;

import static org.lwjgl.system.MemoryUtil.NULL;
import static org.lwjgl.util.vma.Vma.vmaDestroyBuffer;
import static org.lwjgl.util.vma.Vma.vmaFlushAllocation;
import static org.lwjgl.util.vma.Vma.vmaInvalidateAllocation;

import java.lang.foreign.MemorySegment;

/** A buffer of Vulkan and its memory. Not safe for use by several threads. */
final class Allocation implements AutoCloseable {
    private final long allocator;
    private final long buffer;
    private final long allocation;
    private final MemorySegment mapped;
    private final long bytes;
    private boolean closed;

    @SuppressWarnings("restricted") // the mapping is as long as the allocator says
    Allocation(long allocator, long buffer, long allocation, long address, long bytes) {
        this.allocator = allocator;
        this.buffer = buffer;
        this.allocation = allocation;
        this.mapped = address == NULL ? null : MemorySegment.ofAddress(address).reinterpret(bytes);
        this.bytes = bytes;
    }

    long buffer() {
        return buffer;
    }

    /** A multiple of 4. */
    long bytes() {
        return bytes;
    }

    /** Whether the host reads and writes it in place. */
    boolean isMapped() {
        return mapped != null;
    }

    /** In place, from the host to here. The device must not be using it. */
    void write(long offset, MemorySegment source) {
        MemorySegment.copy(source, 0, mapped, offset, source.byteSize());
        vmaFlushAllocation(allocator, allocation, offset, source.byteSize());
    }

    /** In place, from here to the host. The device must not be using it. */
    void read(long offset, MemorySegment target) {
        vmaInvalidateAllocation(allocator, allocation, offset, target.byteSize());
        MemorySegment.copy(mapped, offset, target, 0, target.byteSize());
    }

    /** Closing twice is harmless. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            vmaDestroyBuffer(allocator, buffer, allocation);
        }
    }
}
