package org.intarsia.backend.vulkan;

import static org.lwjgl.vulkan.VK12.*;

import java.nio.LongBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.intarsia.backend.vulkan.device.LogicalDevice;
import org.intarsia.backend.vulkan.device.Results;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkCommandBuffer;
import org.lwjgl.vulkan.VkDevice;
import org.lwjgl.vulkan.VkQueue;
import org.lwjgl.vulkan.VkSemaphoreCreateInfo;
import org.lwjgl.vulkan.VkSemaphoreTypeCreateInfo;
import org.lwjgl.vulkan.VkSemaphoreWaitInfo;
import org.lwjgl.vulkan.VkSubmitInfo;
import org.lwjgl.vulkan.VkTimelineSemaphoreSubmitInfo;

/** Where command buffers are handed in. Each gets the next number, and a semaphore counts up as they are done. */
final class VulkanQueue implements AutoCloseable {
    private static final long FOREVER = -1; // unsigned

    private final ReentrantLock turn = new ReentrantLock();
    private final VkDevice device;
    private final VkQueue handle;
    private final long semaphore;
    private long last;

    VulkanQueue(LogicalDevice device) {
        this.device = device.handle();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer found = stack.mallocPointer(1);
            vkGetDeviceQueue(this.device, device.candidate().queueFamily(), 0, found);
            handle = new VkQueue(found.get(0), this.device);
            var counting = VkSemaphoreTypeCreateInfo.calloc(stack).sType$Default().semaphoreType(VK_SEMAPHORE_TYPE_TIMELINE);
            LongBuffer created = stack.mallocLong(1);
            Results.check(vkCreateSemaphore(this.device, VkSemaphoreCreateInfo.calloc(stack).sType$Default().pNext(counting),
                    null, created), "vkCreateSemaphore");
            semaphore = created.get(0);
        }
    }

    /** Does something while nobody else uses the queue, or the memory that its commands read and write. */
    void exclusively(Runnable work) {
        exclusively(() -> {
            work.run();
            return null;
        });
    }

    /** As {@link #exclusively(Runnable)}, with a result. */
    <T> T exclusively(Supplier<T> work) {
        turn.lock();
        try {
            return work.get();
        } finally {
            turn.unlock();
        }
    }

    /**
     * Hands commands in. To be called in one's turn.
     *
     * @return the number to wait for
     */
    long submit(VkCommandBuffer commands) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            var counting = VkTimelineSemaphoreSubmitInfo.calloc(stack).sType$Default().pSignalSemaphoreValues(stack.longs(last + 1));
            var submit = VkSubmitInfo.calloc(stack).sType$Default().pNext(counting)
                    .pCommandBuffers(stack.pointers(commands)).pSignalSemaphores(stack.longs(semaphore));
            Results.check(vkQueueSubmit(handle, submit, VK_NULL_HANDLE), "vkQueueSubmit");
            return ++last;
        }
    }

    /** Returns when the commands with this number, and all before them, are done. */
    void await(long number) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            var wait = VkSemaphoreWaitInfo.calloc(stack).sType$Default().semaphoreCount(1)
                    .pSemaphores(stack.longs(semaphore)).pValues(stack.longs(number));
            Results.check(vkWaitSemaphores(device, wait, FOREVER), "vkWaitSemaphores");
        }
    }

    /** Hands commands in and waits for them. */
    void run(VkCommandBuffer commands) {
        exclusively(() -> await(submit(commands)));
    }

    @Override
    public void close() {
        vkDestroySemaphore(device, semaphore, null);
    }
}
