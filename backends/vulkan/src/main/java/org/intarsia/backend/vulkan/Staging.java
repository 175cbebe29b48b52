package org.intarsia.backend.vulkan;

import static org.lwjgl.vulkan.VK12.vkCmdCopyBuffer;

import java.lang.foreign.MemorySegment;
import org.intarsia.backend.vulkan.device.LogicalDevice;
import org.intarsia.backend.vulkan.device.Releases;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkBufferCopy;

/**
 * Carries bytes between the host and memory that it cannot see. It has two halves: while the device copies one, the host
 * works on the other. To be used in one's turn on the queue.
 */
final class Staging implements AutoCloseable {
    private static final long HALF = 8L << 20;

    private final VulkanQueue queue;
    private final Releases releases = new Releases();
    private final Half[] halves = new Half[2];

    /** One half, and the number of the copy that it is in. */
    private static final class Half {
        private final Allocation buffer;
        private final Commands commands;
        private long copy;

        private Half(Allocation buffer, Commands commands) {
            this.buffer = buffer;
            this.commands = commands;
        }
    }

    Staging(LogicalDevice device, DeviceMemory memory, VulkanQueue queue) {
        this.queue = queue;
        try {
            for (int i = 0; i < halves.length; i++) {
                Commands commands = new Commands(device);
                releases.add(commands::close);
                Allocation buffer = memory.allocate(HALF, DeviceMemory.Place.STAGING);
                releases.add(buffer::close);
                halves[i] = new Half(buffer, commands);
            }
        } catch (RuntimeException e) {
            releases.close();
            throw e;
        }
    }

    void write(Allocation target, long offset, MemorySegment source) {
        long last = 0;
        for (long done = 0; done < source.byteSize(); done += HALF) {
            Half half = halves[(int) (done / HALF % 2)];
            MemorySegment chunk = source.asSlice(done, Math.min(HALF, source.byteSize() - done));
            queue.await(half.copy);
            half.buffer.write(0, chunk);
            last = copy(half, half.buffer, 0, target, offset + done, chunk.byteSize());
        }
        queue.await(last);
    }

    void read(Allocation source, long offset, MemorySegment target) {
        // One copy is always ahead of the half that the host takes out.
        for (long done = -HALF; done < target.byteSize(); done += HALF) {
            long next = done + HALF;
            if (next < target.byteSize()) {
                Half half = halves[(int) (next / HALF % 2)];
                copy(half, source, offset + next, half.buffer, 0, Math.min(HALF, target.byteSize() - next));
            }
            if (done >= 0) {
                Half half = halves[(int) (done / HALF % 2)];
                queue.await(half.copy);
                half.buffer.read(0, target.asSlice(done, Math.min(HALF, target.byteSize() - done)));
            }
        }
    }

    private long copy(Half half, Allocation source, long from, Allocation target, long to, long bytes) {
        half.copy = queue.submit(half.commands.record(commands -> {
            try (MemoryStack stack = MemoryStack.stackPush()) {
                vkCmdCopyBuffer(commands, source.buffer(), target.buffer(),
                        VkBufferCopy.calloc(1, stack).srcOffset(from).dstOffset(to).size(bytes));
            }
        }));
        return half.copy;
    }

    @Override
    public void close() {
        releases.close();
    }
}
