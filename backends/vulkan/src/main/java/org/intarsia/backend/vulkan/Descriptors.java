package org.intarsia.backend.vulkan;

import static org.lwjgl.vulkan.VK12.*;

import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.gpu.Driver;
import org.intarsia.backend.vulkan.device.Results;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkDescriptorBufferInfo;
import org.lwjgl.vulkan.VkDescriptorPoolCreateInfo;
import org.lwjgl.vulkan.VkDescriptorPoolSize;
import org.lwjgl.vulkan.VkDescriptorSetAllocateInfo;
import org.lwjgl.vulkan.VkDevice;
import org.lwjgl.vulkan.VkWriteDescriptorSet;

/** Which memory the kernels of one program work on; dispatches with the same bindings share a set. */
final class Descriptors implements AutoCloseable {
    private final VkDevice device;
    private final Allocation parameters;
    private final long pool;
    private final Map<List<Driver.Binding>, Long> sets = new HashMap<>();

    /** @param dispatches at least one */
    Descriptors(VkDevice device, List<Driver.Dispatch> dispatches, Allocation parameters) {
        this.device = device;
        this.parameters = parameters;
        List<List<Driver.Binding>> distinct = dispatches.stream().map(Driver.Dispatch::bindings).distinct().toList();
        int buffers = distinct.stream().mapToInt(bindings -> bindings.size() + 1).sum();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            LongBuffer created = stack.mallocLong(1);
            Results.check(vkCreateDescriptorPool(device, VkDescriptorPoolCreateInfo.calloc(stack).sType$Default()
                    .maxSets(distinct.size()).pPoolSizes(VkDescriptorPoolSize.calloc(1, stack)
                            .type(VK_DESCRIPTOR_TYPE_STORAGE_BUFFER).descriptorCount(buffers)), null, created),
                    "vkCreateDescriptorPool");
            pool = created.get(0);
        }
    }

    /** The set of a dispatch. */
    long set(Driver.Dispatch dispatch, Layouts.Layout layout) {
        return sets.computeIfAbsent(dispatch.bindings(), bindings -> create(bindings, layout));
    }

    private long create(List<Driver.Binding> bindings, Layouts.Layout layout) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            LongBuffer allocated = stack.mallocLong(1);
            Results.check(vkAllocateDescriptorSets(device, VkDescriptorSetAllocateInfo.calloc(stack).sType$Default()
                    .descriptorPool(pool).pSetLayouts(stack.longs(layout.set())), allocated), "vkAllocateDescriptorSets");
            VkDescriptorBufferInfo.Buffer buffers = VkDescriptorBufferInfo.calloc(layout.buffers(), stack);
            for (Driver.Binding binding : bindings) {
                Allocation memory = ((VulkanMemory) binding.memory()).allocation();
                // Whole words, as kernels may read; memory is rounded up likewise.
                buffers.get().buffer(memory.buffer()).offset(binding.offset()).range((binding.bytes() + 3) / 4 * 4);
            }
            buffers.get().buffer(parameters.buffer()).offset(0).range(VK_WHOLE_SIZE);
            // One write goes on into the bindings that follow.
            vkUpdateDescriptorSets(device, VkWriteDescriptorSet.calloc(1, stack).sType$Default().dstSet(allocated.get(0))
                    .dstBinding(0).descriptorType(VK_DESCRIPTOR_TYPE_STORAGE_BUFFER).descriptorCount(layout.buffers())
                    .pBufferInfo(buffers.flip()), null);
            return allocated.get(0);
        }
    }

    @Override
    public void close() {
        vkDestroyDescriptorPool(device, pool, null);
    }
}
