package org.intarsia.backend.vulkan;

import static org.lwjgl.vulkan.VK12.*;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.gpu.Driver;
import org.intarsia.backend.vulkan.device.LogicalDevice;
import org.intarsia.backend.vulkan.device.Properties;
import org.intarsia.backend.vulkan.device.Releases;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkCommandBuffer;

/**
 * A command buffer, recorded once. All that changes from run to run lies in the parameters, also how many groups a
 * dispatch has: the device reads that there itself.
 */
final class VulkanProgram implements Driver.Program {
    private final VulkanQueue queue;
    private final int count;
    private final List<VulkanMemory> memories;
    private final Consumer<VulkanProgram> onClose;
    private final Releases releases = new Releases();
    private final Allocation parameters;
    private final VkCommandBuffer commands;
    private boolean closed;

    /** To be called in one's turn on the queue, so that no memory is given back meanwhile. */
    VulkanProgram(LogicalDevice device, DeviceMemory memory, VulkanQueue queue, List<Driver.Dispatch> dispatches, int count,
            Consumer<VulkanProgram> onClose) {
        this.queue = queue;
        this.count = count;
        this.onClose = onClose;
        memories = dispatches.stream().flatMap(dispatch -> dispatch.bindings().stream())
                .map(binding -> (VulkanMemory) binding.memory()).distinct().toList();
        dispatches.forEach(dispatch -> check(dispatch, device.candidate().properties()));
        try {
            parameters = memory.allocate(Math.max(1, count) * (long) Integer.BYTES, DeviceMemory.Place.PARAMETERS);
            releases.add(parameters::close);
            Commands recording = new Commands(device);
            releases.add(recording::close);
            if (dispatches.isEmpty()) {
                commands = recording.record(empty -> { });
            } else {
                Descriptors descriptors = new Descriptors(device.handle(), dispatches, parameters);
                releases.add(descriptors::close);
                commands = recording.record(target -> record(target, dispatches, descriptors));
            }
        } catch (RuntimeException e) {
            releases.close();
            throw e;
        }
    }

    /** What a driver would not notice, and answer with nonsense or a crash. */
    private void check(Driver.Dispatch dispatch, Properties properties) {
        var kernel = (Kernels.VulkanKernel) dispatch.kernel();
        require(kernel.layout().buffers() == dispatch.bindings().size() + 1, kernel, "another number of bindings");
        require(dispatch.parameters() >= 0 && dispatch.parameters() <= count - 3, kernel, "parameters that are not there");
        for (Driver.Binding binding : dispatch.bindings()) {
            require(binding.offset() % properties.alignment() == 0, kernel, "a binding that is not aligned");
            require(binding.bytes() >= 1 && binding.bytes() <= properties.largestBinding(), kernel,
                    "a binding of " + binding.bytes() + " bytes");
            require(binding.offset() >= 0 && binding.offset() + binding.bytes() <= binding.memory().bytes(), kernel,
                    "a binding beyond the end of its memory");
        }
    }

    private static void require(boolean right, Kernels.VulkanKernel kernel, String wrong) {
        if (!right) {
            throw new IllegalArgumentException("vulkan: kernel " + kernel.name() + " is given " + wrong);
        }
    }

    private void record(VkCommandBuffer target, List<Driver.Dispatch> dispatches, Descriptors descriptors) {
        boolean first = true;
        for (List<Driver.Dispatch> round : DispatchWaves.of(dispatches)) {
            if (!first) {
                Barriers.between(target);
            }
            first = false;
            round.forEach(dispatch -> record(target, dispatch, descriptors));
        }
    }

    private void record(VkCommandBuffer target, Driver.Dispatch dispatch, Descriptors descriptors) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            var kernel = (Kernels.VulkanKernel) dispatch.kernel();
            Layouts.Layout layout = kernel.layout();
            vkCmdBindPipeline(target, VK_PIPELINE_BIND_POINT_COMPUTE, kernel.pipeline());
            vkCmdBindDescriptorSets(target, VK_PIPELINE_BIND_POINT_COMPUTE, layout.pipeline(), 0,
                    stack.longs(descriptors.set(dispatch, layout)), null);
            vkCmdPushConstants(target, layout.pipeline(), VK_SHADER_STAGE_COMPUTE_BIT, 0, stack.ints(dispatch.parameters()));
            vkCmdDispatchIndirect(target, parameters.buffer(), dispatch.parameters() * (long) Integer.BYTES);
        }
    }

    @Override
    public void run(int[] values) {
        if (values.length != count) {
            throw new IllegalArgumentException("the program takes " + count + " parameters, got " + values.length);
        }
        queue.exclusively(() -> {
            if (closed) {
                throw new BackendException("vulkan: this program was closed already; record it again");
            }
            memories.forEach(VulkanMemory::allocation);
            parameters.write(0, MemorySegment.ofArray(values));
            queue.run(commands);
        });
    }

    @Override
    public void close() {
        queue.exclusively(() -> {
            if (!closed) {
                closed = true;
                releases.close();
                onClose.accept(this);
            }
        });
    }
}
