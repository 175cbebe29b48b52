package org.intarsia.backend.vulkan;

import static org.lwjgl.vulkan.VK12.*;

import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import org.intarsia.backend.vulkan.device.Releases;
import org.intarsia.backend.vulkan.device.Results;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkDescriptorSetLayoutBinding;
import org.lwjgl.vulkan.VkDescriptorSetLayoutCreateInfo;
import org.lwjgl.vulkan.VkDevice;
import org.lwjgl.vulkan.VkPipelineLayoutCreateInfo;
import org.lwjgl.vulkan.VkPushConstantRange;

/** How kernels see their memory, one layout for each number of bindings. Not safe for use by several threads. */
final class Layouts implements AutoCloseable {

    /**
     * Storage buffers 0, 1, …, and one integer as push constant.
     *
     * @param buffers how many there are: a kernel's bindings, and the parameters as the last
     */
    record Layout(long set, long pipeline, int buffers) {
    }

    private final VkDevice device;
    private final Map<Integer, Layout> layouts = new HashMap<>();
    private final Releases releases = new Releases();

    Layouts(VkDevice device) {
        this.device = device;
    }

    /** The layout for kernels with so many bindings and the parameters. */
    Layout of(int bindings) {
        return layouts.computeIfAbsent(bindings + 1, this::create);
    }

    private Layout create(int buffers) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            VkDescriptorSetLayoutBinding.Buffer bindings = VkDescriptorSetLayoutBinding.calloc(buffers, stack);
            for (int i = 0; i < buffers; i++) {
                bindings.get(i).binding(i).descriptorType(VK_DESCRIPTOR_TYPE_STORAGE_BUFFER).descriptorCount(1)
                        .stageFlags(VK_SHADER_STAGE_COMPUTE_BIT);
            }
            LongBuffer created = stack.mallocLong(1);
            Results.check(vkCreateDescriptorSetLayout(device, VkDescriptorSetLayoutCreateInfo.calloc(stack).sType$Default()
                    .pBindings(bindings), null, created), "vkCreateDescriptorSetLayout");
            long set = created.get(0);
            releases.add(() -> vkDestroyDescriptorSetLayout(device, set, null));
            Results.check(vkCreatePipelineLayout(device, VkPipelineLayoutCreateInfo.calloc(stack).sType$Default()
                    .pSetLayouts(stack.longs(set)).pPushConstantRanges(VkPushConstantRange.calloc(1, stack)
                            .stageFlags(VK_SHADER_STAGE_COMPUTE_BIT).size(Integer.BYTES)), null, created),
                    "vkCreatePipelineLayout");
            long pipeline = created.get(0);
            releases.add(() -> vkDestroyPipelineLayout(device, pipeline, null));
            return new Layout(set, pipeline, buffers);
        }
    }

    @Override
    public void close() {
        releases.close();
    }
}
