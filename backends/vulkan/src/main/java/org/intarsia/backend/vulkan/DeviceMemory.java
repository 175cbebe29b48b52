package org.intarsia.backend.vulkan;

import static org.lwjgl.util.vma.Vma.*;
import static org.lwjgl.vulkan.VK12.*;

import java.nio.LongBuffer;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.vulkan.device.Candidate;
import org.intarsia.backend.vulkan.device.LogicalDevice;
import org.intarsia.backend.vulkan.device.Results;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.util.vma.VmaAllocationCreateInfo;
import org.lwjgl.util.vma.VmaAllocationInfo;
import org.lwjgl.util.vma.VmaAllocatorCreateInfo;
import org.lwjgl.util.vma.VmaBudget;
import org.lwjgl.util.vma.VmaTotalStatistics;
import org.lwjgl.util.vma.VmaVulkanFunctions;
import org.lwjgl.vulkan.VkBufferCreateInfo;
import org.lwjgl.vulkan.VkInstance;
import org.lwjgl.vulkan.VkMemoryHeap;
import org.lwjgl.vulkan.VkPhysicalDeviceMemoryProperties;

/** Hands out a device's memory, by the Vulkan Memory Allocator. Safe for use by several threads. */
final class DeviceMemory implements AutoCloseable {

    /** Where memory lies, and what it is for. */
    enum Place {
        /** The device's own, out of the host's sight. */
        DEVICE(0, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT),
        /** The device's own, which the host writes in place if it reaches it. */
        NEAR(VMA_ALLOCATION_CREATE_MAPPED_BIT | VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT
                | VMA_ALLOCATION_CREATE_HOST_ACCESS_ALLOW_TRANSFER_INSTEAD_BIT, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT),
        /** The device's own, which the host reads and writes in place. */
        SHARED(VMA_ALLOCATION_CREATE_MAPPED_BIT | VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT,
                VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT | VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_CACHED_BIT),
        /** Written by the host, read by the device; the device's own where the host reaches that. */
        PARAMETERS(VMA_ALLOCATION_CREATE_MAPPED_BIT | VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT,
                VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT),
        /** The host's, which the device copies from and to. */
        STAGING(VMA_ALLOCATION_CREATE_MAPPED_BIT | VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT,
                VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT);

        private final int flags;
        private final int required;

        Place(int flags, int required) {
            this.flags = flags;
            this.required = required;
        }

        private int usage() {
            int copies = VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;
            return switch (this) {
                case DEVICE, NEAR, SHARED -> VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | copies;
                case PARAMETERS -> VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_INDIRECT_BUFFER_BIT;
                case STAGING -> copies;
            };
        }
    }

    private final Candidate candidate;
    private final long allocator;

    DeviceMemory(VkInstance instance, LogicalDevice device) {
        candidate = device.candidate();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer created = stack.mallocPointer(1);
            Results.check(vmaCreateAllocator(VmaAllocatorCreateInfo.calloc(stack)
                    .flags(candidate.capabilities().memoryBudget() ? VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT : 0)
                    .instance(instance).physicalDevice(candidate.device()).device(device.handle())
                    .vulkanApiVersion(VK_API_VERSION_1_2)
                    .pVulkanFunctions(VmaVulkanFunctions.calloc(stack).set(instance, device.handle())), created),
                    "vmaCreateAllocator");
            allocator = created.get(0);
        }
    }

    /**
     * A new piece; what it holds is not known.
     *
     * @throws BackendException with what was asked and what is free when there is not that much
     */
    Allocation allocate(long bytes, Place place) {
        // Whole words: kernels may see bytes and halves as parts of such, and filling works on words.
        long rounded = Math.addExact(bytes, 3) / 4 * 4;
        long largest = candidate.properties().largestAllocation();
        if (rounded > largest) {
            throw new BackendException("vulkan: " + candidate.name() + " gives at most " + largest + " bytes in one piece: " + bytes
                    + " bytes were asked for, " + free() + " are free; split the tensor, or use another device");
        }
        boolean software = candidate.properties().isSoftware();
        if (software && rounded > free()) {
            throw exhausted(bytes);
        }
        try (MemoryStack stack = MemoryStack.stackPush()) {
            var buffer = VkBufferCreateInfo.calloc(stack).sType$Default().size(rounded).usage(place.usage())
                    .sharingMode(VK_SHARING_MODE_EXCLUSIVE);
            var how = VmaAllocationCreateInfo.calloc(stack)
                    .flags(place.flags | (software ? 0 : VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT))
                    .usage(place == Place.STAGING ? VMA_MEMORY_USAGE_AUTO_PREFER_HOST : VMA_MEMORY_USAGE_AUTO_PREFER_DEVICE)
                    .requiredFlags(place.required);
            LongBuffer created = stack.mallocLong(1);
            PointerBuffer allocation = stack.mallocPointer(1);
            VmaAllocationInfo info = VmaAllocationInfo.calloc(stack);
            int result = vmaCreateBuffer(allocator, buffer, how, created, allocation, info);
            if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY) {
                throw exhausted(bytes);
            }
            Results.check(result, "vmaCreateBuffer of " + bytes + " bytes");
            return new Allocation(allocator, created.get(0), allocation.get(0), info.pMappedData(), rounded);
        }
    }

    private BackendException exhausted(long bytes) {
        return new BackendException("vulkan: " + candidate.name() + " has not the memory: " + bytes + " bytes were asked for, "
                + free() + " are free; close what else uses it, or ask for less");
    }

    /** Bytes that can still be allocated: less than there are, where others use them, too. */
    long free() {
        if (candidate.properties().isSoftware()) {
            // Such drivers give more than the host has, and then the system ends the process; the rest is the host's.
            return Math.max(0, candidate.properties().memoryBytes() / 5 * 4 - allocated());
        }
        try (MemoryStack stack = MemoryStack.stackPush()) {
            var memory = VkPhysicalDeviceMemoryProperties.malloc(stack);
            vkGetPhysicalDeviceMemoryProperties(candidate.device(), memory);
            VmaBudget.Buffer budgets = VmaBudget.calloc(memory.memoryHeapCount(), stack);
            vmaGetHeapBudgets(allocator, budgets);
            long free = 0;
            for (int i = 0; i < memory.memoryHeapCount(); i++) {
                VkMemoryHeap heap = memory.memoryHeaps(i);
                if ((heap.flags() & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) != 0) {
                    // The driver tells, or else it is a share of the heap.
                    free = Math.max(free, budgets.get(i).budget() - budgets.get(i).usage());
                }
            }
            return free;
        }
    }

    /** Bytes that are allocated now. */
    long allocated() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            VmaTotalStatistics statistics = VmaTotalStatistics.calloc(stack);
            vmaCalculateStatistics(allocator, statistics);
            return statistics.total().statistics().allocationBytes();
        }
    }

    @Override
    public void close() {
        vmaDestroyAllocator(allocator);
    }
}
