package org.intarsia.backend.vulkan.device;

import static org.lwjgl.vulkan.VK12.*;

import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkDevice;
import org.lwjgl.vulkan.VkDeviceCreateInfo;
import org.lwjgl.vulkan.VkDeviceQueueCreateInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A device with all its useful features switched on, and one queue. Closed last of all that is made on it. */
public final class LogicalDevice implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogicalDevice.class);

    private final Candidate candidate;
    private final VkDevice handle;

    public LogicalDevice(Candidate candidate) {
        this.candidate = candidate;
        try (MemoryStack stack = MemoryStack.stackPush()) {
            VkDeviceCreateInfo info = VkDeviceCreateInfo.calloc(stack).sType$Default()
                    .pQueueCreateInfos(VkDeviceQueueCreateInfo.calloc(1, stack).sType$Default()
                            .queueFamilyIndex(candidate.queueFamily()).pQueuePriorities(stack.floats(1)));
            candidate.capabilities().enable(info, stack);
            PointerBuffer created = stack.mallocPointer(1);
            Results.check(vkCreateDevice(candidate.device(), info, null, created), "vkCreateDevice of " + candidate.name());
            handle = new VkDevice(created.get(0), candidate.device(), info);
        }
    }

    public Candidate candidate() {
        return candidate;
    }

    public VkDevice handle() {
        return handle;
    }

    @Override
    public void close() {
        int result = vkDeviceWaitIdle(handle);
        if (result != VK_SUCCESS) {
            LOGGER.warn("vulkan: {} did not come to rest before it was closed: {}", candidate.name(), Results.describe(result));
        }
        vkDestroyDevice(handle, null);
    }
}
