package org.intarsia.backend.vulkan;

import static org.lwjgl.vulkan.VK12.*;

import java.nio.LongBuffer;
import java.util.function.Consumer;
import org.intarsia.backend.vulkan.device.LogicalDevice;
import org.intarsia.backend.vulkan.device.Results;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkCommandBuffer;
import org.lwjgl.vulkan.VkCommandBufferAllocateInfo;
import org.lwjgl.vulkan.VkCommandBufferBeginInfo;
import org.lwjgl.vulkan.VkCommandPoolCreateInfo;
import org.lwjgl.vulkan.VkDevice;

/** A command buffer with a pool of its own, so that each can be recorded by another thread. */
final class Commands implements AutoCloseable {
    private final VkDevice device;
    private final long pool;
    private final VkCommandBuffer buffer;

    Commands(LogicalDevice device) {
        this.device = device.handle();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            LongBuffer created = stack.mallocLong(1);
            Results.check(vkCreateCommandPool(this.device, VkCommandPoolCreateInfo.calloc(stack).sType$Default()
                    .queueFamilyIndex(device.candidate().queueFamily()), null, created), "vkCreateCommandPool");
            pool = created.get(0);
            PointerBuffer allocated = stack.mallocPointer(1);
            int result = vkAllocateCommandBuffers(this.device, VkCommandBufferAllocateInfo.calloc(stack).sType$Default()
                    .commandPool(pool).level(VK_COMMAND_BUFFER_LEVEL_PRIMARY).commandBufferCount(1), allocated);
            if (result != VK_SUCCESS) {
                vkDestroyCommandPool(this.device, pool, null);
            }
            Results.check(result, "vkAllocateCommandBuffers");
            buffer = new VkCommandBuffer(allocated.get(0), this.device);
        }
    }

    /** Records anew; not while it runs. What is recorded comes behind what the device and the host did before. */
    VkCommandBuffer record(Consumer<VkCommandBuffer> content) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            Results.check(vkResetCommandPool(device, pool, 0), "vkResetCommandPool");
            Results.check(vkBeginCommandBuffer(buffer, VkCommandBufferBeginInfo.calloc(stack).sType$Default()),
                    "vkBeginCommandBuffer");
            Barriers.begin(buffer);
            content.accept(buffer);
            Barriers.end(buffer);
            Results.check(vkEndCommandBuffer(buffer), "vkEndCommandBuffer");
            return buffer;
        }
    }

    VkCommandBuffer buffer() {
        return buffer;
    }

    @Override
    public void close() {
        vkDestroyCommandPool(device, pool, null);
    }
}
