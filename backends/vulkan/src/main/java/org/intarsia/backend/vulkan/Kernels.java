package org.intarsia.backend.vulkan;

import static org.lwjgl.vulkan.EXTSubgroupSizeControl.VK_PIPELINE_SHADER_STAGE_CREATE_REQUIRE_FULL_SUBGROUPS_BIT_EXT;
import static org.lwjgl.vulkan.VK12.*;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.gpu.Driver;
import org.intarsia.backend.gpu.KernelCache;
import org.intarsia.backend.vulkan.device.LogicalDevice;
import org.intarsia.backend.vulkan.device.Properties;
import org.intarsia.backend.vulkan.device.Releases;
import org.intarsia.backend.vulkan.device.Results;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;
import org.lwjgl.vulkan.VkComputePipelineCreateInfo;
import org.lwjgl.vulkan.VkDevice;
import org.lwjgl.vulkan.VkPipelineShaderStageCreateInfo;
import org.lwjgl.vulkan.VkPipelineShaderStageRequiredSubgroupSizeCreateInfoEXT;
import org.lwjgl.vulkan.VkShaderModuleCreateInfo;
import org.lwjgl.vulkan.VkSpecializationInfo;
import org.lwjgl.vulkan.VkSpecializationMapEntry;

/** The kernels that a device has compiled; they last as long as it. Safe for use by several threads. */
final class Kernels implements AutoCloseable {

    /** A pipeline of Vulkan. */
    record VulkanKernel(String name, long pipeline, Layouts.Layout layout) implements Driver.Kernel {
    }

    /** What makes two kernels the same. */
    private record Key(String source, int bindings, List<Integer> constants) {
    }

    private final VkDevice device;
    private final Properties properties;
    private final Map<Key, VulkanKernel> kernels = new HashMap<>();
    private final Releases releases = new Releases();
    private final ShaderCompiler compiler;
    private final PipelineCache cache;
    private final Layouts layouts;
    private boolean closed;

    Kernels(LogicalDevice device, KernelCache disk) {
        this.device = device.handle();
        properties = device.candidate().properties();
        compiler = new ShaderCompiler(disk);
        releases.add(compiler::close);
        cache = new PipelineCache(device, disk);
        releases.add(cache::close);
        layouts = new Layouts(this.device);
        releases.add(layouts::close);
    }

    synchronized VulkanKernel compile(String name, String source, int group, int bindings, int... constants) {
        if (closed) {
            throw new BackendException(VulkanDriver.CLOSED);
        }
        Key key = new Key(source, bindings, Arrays.stream(constants).boxed().toList());
        VulkanKernel found = kernels.get(key);
        if (found == null) {
            require(group <= properties.largestGroup(), name, "groups of " + group + " threads", properties.largestGroup());
            require(bindings < properties.mostBindings(), name, bindings + 1 + " buffers", properties.mostBindings());
            Layouts.Layout layout = layouts.of(bindings);
            long pipeline = pipeline(name, compiler.compile(name, source), layout, group, constants);
            releases.add(() -> vkDestroyPipeline(device, pipeline, null));
            found = new VulkanKernel(name, pipeline, layout);
            kernels.put(key, found);
        }
        return found;
    }

    private static void require(boolean fits, String name, String what, int most) {
        if (!fits) {
            throw new BackendException("vulkan: kernel " + name + " has " + what + ", and the device allows " + most);
        }
    }

    private long pipeline(String name, byte[] words, Layouts.Layout layout, int group, int... constants) {
        long module = module(name, words);
        try (MemoryStack stack = MemoryStack.stackPush()) {
            var stage = VkPipelineShaderStageCreateInfo.calloc(stack).sType$Default().stage(VK_SHADER_STAGE_COMPUTE_BIT)
                    .module(module).pName(stack.UTF8("main")).pSpecializationInfo(specialisation(stack, constants));
            if (properties.wholeSubgroups() && group % properties.subgroupSize() == 0) {
                stage.flags(VK_PIPELINE_SHADER_STAGE_CREATE_REQUIRE_FULL_SUBGROUPS_BIT_EXT)
                        .pNext(VkPipelineShaderStageRequiredSubgroupSizeCreateInfoEXT.calloc(stack).sType$Default()
                                .requiredSubgroupSize(properties.subgroupSize()));
            }
            var info = VkComputePipelineCreateInfo.calloc(1, stack).sType$Default().layout(layout.pipeline()).stage(stage);
            LongBuffer created = stack.mallocLong(1);
            Results.check(vkCreateComputePipelines(device, cache.handle(), info, null, created),
                    "vkCreateComputePipelines of kernel " + name);
            return created.get(0);
        } finally {
            vkDestroyShaderModule(device, module, null);
        }
    }

    /** Constants 0, 1, … one behind the other; null for none. */
    private static VkSpecializationInfo specialisation(MemoryStack stack, int... constants) {
        if (constants.length == 0) {
            return null;
        }
        var places = VkSpecializationMapEntry.calloc(constants.length, stack);
        ByteBuffer values = stack.malloc(constants.length * Integer.BYTES);
        for (int i = 0; i < constants.length; i++) {
            places.get(i).constantID(i).offset(i * Integer.BYTES).size(Integer.BYTES);
            values.putInt(constants[i]);
        }
        return VkSpecializationInfo.calloc(stack).pMapEntries(places).pData(values.flip());
    }

    private long module(String name, byte[] words) {
        ByteBuffer code = MemoryUtil.memAlloc(words.length).put(words).flip();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            LongBuffer created = stack.mallocLong(1);
            Results.check(vkCreateShaderModule(device, VkShaderModuleCreateInfo.calloc(stack).sType$Default().pCode(code),
                    null, created), "vkCreateShaderModule of kernel " + name);
            return created.get(0);
        } finally {
            MemoryUtil.memFree(code);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        releases.close();
    }
}
