package org.intarsia.backend.vulkan;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.Consumer;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.gpu.Driver;

/**
 * A block of a device's memory, read and written in place where the host sees it and by staging where not. What the host
 * can reach but not keep in its caches it only writes in place.
 */
final class VulkanMemory implements Driver.Memory {
    private final Allocation allocation;
    private final long bytes;
    private final VulkanQueue queue;
    private final Staging staging;
    private final Consumer<VulkanMemory> onClose;
    private boolean closed;

    /** @param staging null where the host sees the memory */
    VulkanMemory(Allocation allocation, long bytes, VulkanQueue queue, Staging staging, Consumer<VulkanMemory> onClose) {
        this.allocation = allocation;
        this.bytes = bytes;
        this.queue = queue;
        this.staging = staging;
        this.onClose = onClose;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void write(long offset, MemorySegment source) {
        Objects.checkFromIndexSize(offset, source.byteSize(), bytes);
        queue.exclusively(() -> {
            if (allocation().isMapped()) {
                allocation().write(offset, source);
            } else {
                staging.write(allocation(), offset, source);
            }
        });
    }

    @Override
    public void read(long offset, MemorySegment target) {
        Objects.checkFromIndexSize(offset, target.byteSize(), bytes);
        queue.exclusively(() -> {
            if (staging == null) {
                allocation().read(offset, target);
            } else {
                staging.read(allocation(), offset, target);
            }
        });
    }

    /** What it lies in. To be called in one's turn on the queue. */
    Allocation allocation() {
        if (closed) {
            throw new BackendException("vulkan: this memory was given back already; allocate it again");
        }
        return allocation;
    }

    @Override
    public void close() {
        queue.exclusively(() -> {
            if (!closed) {
                closed = true;
                allocation.close();
                onClose.accept(this);
            }
        });
    }
}
