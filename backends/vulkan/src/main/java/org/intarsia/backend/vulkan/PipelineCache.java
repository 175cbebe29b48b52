package org.intarsia.backend.vulkan;

import static org.lwjgl.vulkan.VK12.*;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.intarsia.backend.gpu.KernelCache;
import org.intarsia.backend.vulkan.device.LogicalDevice;
import org.intarsia.backend.vulkan.device.Properties;
import org.intarsia.backend.vulkan.device.Results;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;
import org.lwjgl.vulkan.VkDevice;
import org.lwjgl.vulkan.VkPipelineCacheCreateInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a driver has made of kernels, kept on disk for one device and one version of its driver. */
final class PipelineCache implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(PipelineCache.class);

    private final VkDevice device;
    private final KernelCache disk;
    private final String file;
    private final Optional<byte[]> kept;
    private final long handle;

    PipelineCache(LogicalDevice device, KernelCache disk) {
        this.device = device.handle();
        this.disk = disk;
        Properties properties = device.candidate().properties();
        file = properties.uuid() + "-" + Integer.toHexString(properties.driverVersion()) + ".pipelines";
        kept = disk.load(file);
        ByteBuffer initial = kept.map(bytes -> MemoryUtil.memAlloc(bytes.length).put(bytes).flip()).orElse(null);
        try (MemoryStack stack = MemoryStack.stackPush()) {
            LongBuffer created = stack.mallocLong(1);
            // A driver that cannot use what is there starts with nothing.
            Results.check(vkCreatePipelineCache(this.device, VkPipelineCacheCreateInfo.calloc(stack).sType$Default()
                    .pInitialData(initial), null, created), "vkCreatePipelineCache");
            handle = created.get(0);
        } finally {
            MemoryUtil.memFree(initial);
        }
    }

    long handle() {
        return handle;
    }

    /** Writes it to disk when there is anything new in it. */
    @Override
    public void close() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer size = stack.mallocPointer(1);
            int result = vkGetPipelineCacheData(device, handle, size, null);
            if (result == VK_SUCCESS) {
                ByteBuffer data = MemoryUtil.memAlloc(Math.toIntExact(size.get(0)));
                result = vkGetPipelineCacheData(device, handle, size, data);
                if (result == VK_SUCCESS) {
                    keep(data);
                }
                MemoryUtil.memFree(data);
            }
            if (result != VK_SUCCESS) {
                LOGGER.warn("vulkan: the driver's compiled kernels are not kept: {}", Results.describe(result));
            }
        } finally {
            vkDestroyPipelineCache(device, handle, null);
        }
    }

    private void keep(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        if (kept.isEmpty() || !Arrays.equals(kept.get(), bytes)) {
            disk.store(file, bytes);
        }
    }
}
