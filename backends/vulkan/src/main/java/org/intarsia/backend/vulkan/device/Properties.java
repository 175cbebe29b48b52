package org.intarsia.backend.vulkan.device;

import static org.lwjgl.vulkan.VK12.*;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.intarsia.backend.api.HostMemory;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkPhysicalDevice;
import org.lwjgl.vulkan.VkPhysicalDeviceLimits;
import org.lwjgl.vulkan.VkPhysicalDeviceMemoryProperties;
import org.lwjgl.vulkan.VkPhysicalDeviceProperties2;
import org.lwjgl.vulkan.VkPhysicalDeviceShaderIntegerDotProductPropertiesKHR;
import org.lwjgl.vulkan.VkPhysicalDeviceSubgroupSizeControlPropertiesEXT;
import org.lwjgl.vulkan.VkPhysicalDeviceVulkan11Properties;
import org.lwjgl.vulkan.VkPhysicalDeviceVulkan12Properties;

/**
 * A device's name, driver and limits.
 *
 * @param type              {@code VK_PHYSICAL_DEVICE_TYPE_…}
 * @param uuid              the device's, in hexadecimal digits
 * @param wholeSubgroups    kernels may ask for full subgroups of this size
 * @param subgroups         subgroups join sums, maxima and votes
 * @param alignment         what offsets of bindings are multiples of, in bytes
 * @param largestBinding    bytes that a binding may span at most
 * @param largestAllocation bytes that one piece of memory may have at most
 * @param largestGroup      threads that a group may have at most, along the first dimension
 * @param sharedBytes       memory that the threads of a group may share at most
 * @param mostBindings      storage buffers that a kernel may have at most
 * @param dotAccelerated    products of four signed bytes each are as fast as other instructions
 * @param memoryBytes       the size of the device's own memory
 * @param hostMemory        the device's memory is the host's, which reads and writes it in place
 */
public record Properties(String deviceName, int type, String driver, int driverVersion, String apiVersion, String uuid,
        int subgroupSize, boolean wholeSubgroups, boolean subgroups, long alignment, long largestBinding,
        long largestAllocation, int largestGroup, int sharedBytes, int mostBindings, boolean dotAccelerated, long memoryBytes,
        boolean hostMemory) {

    private static final int IN_PLACE = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT | VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT
            | VK_MEMORY_PROPERTY_HOST_CACHED_BIT;

    /** Asks a device of Vulkan 1.2 or newer. */
    static Properties of(VkPhysicalDevice device, Capabilities capabilities) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            var properties = VkPhysicalDeviceProperties2.calloc(stack).sType$Default();
            var properties11 = VkPhysicalDeviceVulkan11Properties.calloc(stack).sType$Default();
            var properties12 = VkPhysicalDeviceVulkan12Properties.calloc(stack).sType$Default();
            var dot = VkPhysicalDeviceShaderIntegerDotProductPropertiesKHR.calloc(stack).sType$Default();
            var sizes = VkPhysicalDeviceSubgroupSizeControlPropertiesEXT.calloc(stack).sType$Default();
            properties.pNext(properties11).pNext(properties12);
            if (capabilities.wholeSubgroups()) {
                properties.pNext(sizes);
            }
            if (capabilities.dotProduct()) {
                properties.pNext(dot);
            }
            vkGetPhysicalDeviceProperties2(device, properties);
            var memory = VkPhysicalDeviceMemoryProperties.malloc(stack);
            vkGetPhysicalDeviceMemoryProperties(device, memory);
            var basic = properties.properties();
            VkPhysicalDeviceLimits limits = basic.limits();
            // Kernels may read up to four 32-bit values at once.
            long alignment = Math.max(16, limits.minStorageBufferOffsetAlignment());
            return new Properties(basic.deviceNameString(), basic.deviceType(),
                    (properties12.driverNameString() + " " + properties12.driverInfoString()).strip(), basic.driverVersion(),
                    Versions.text(basic.apiVersion()), hex(properties11.deviceUUID()), properties11.subgroupSize(),
                    (sizes.requiredSubgroupSizeStages() & VK_SHADER_STAGE_COMPUTE_BIT) != 0, subgroups(properties11), alignment,
                    Integer.toUnsignedLong(limits.maxStorageBufferRange()) / alignment * alignment,
                    properties11.maxMemoryAllocationSize(),
                    Math.min(limits.maxComputeWorkGroupInvocations(), limits.maxComputeWorkGroupSize(0)),
                    limits.maxComputeSharedMemorySize(), mostBindings(limits), dot.integerDotProduct4x8BitPackedSignedAccelerated(),
                    // Drivers that compute on the processor name some figure; what they give is the host's.
                    basic.deviceType() == VK_PHYSICAL_DEVICE_TYPE_CPU ? HostMemory.bytes() : memoryBytes(memory),
                    hostMemory(basic.deviceType(), memory));
        }
    }

    private static boolean subgroups(VkPhysicalDeviceVulkan11Properties properties) {
        int needed = VK_SUBGROUP_FEATURE_BASIC_BIT | VK_SUBGROUP_FEATURE_VOTE_BIT | VK_SUBGROUP_FEATURE_ARITHMETIC_BIT;
        return (properties.subgroupSupportedOperations() & needed) == needed
                && (properties.subgroupSupportedStages() & VK_SHADER_STAGE_COMPUTE_BIT) != 0;
    }

    /** Whether it computes on the processor, in the host's memory. */
    public boolean isSoftware() {
        return type == VK_PHYSICAL_DEVICE_TYPE_CPU;
    }

    /** The limits are unsigned, and some drivers say "none" with the largest number. */
    private static int mostBindings(VkPhysicalDeviceLimits limits) {
        return (int) Math.min(Integer.MAX_VALUE, Math.min(Integer.toUnsignedLong(limits.maxPerStageDescriptorStorageBuffers()),
                Integer.toUnsignedLong(limits.maxDescriptorSetStorageBuffers())));
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return HexFormat.of().formatHex(copy);
    }

    private static long memoryBytes(VkPhysicalDeviceMemoryProperties memory) {
        return memory.memoryHeaps().stream().limit(memory.memoryHeapCount())
                .filter(heap -> (heap.flags() & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) != 0)
                .mapToLong(heap -> heap.size()).max().orElse(0);
    }

    /** A graphics card's memory can be mapped, too, but reading it that way is slow: there, staging is better. */
    private static boolean hostMemory(int type, VkPhysicalDeviceMemoryProperties memory) {
        return (type == VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU || type == VK_PHYSICAL_DEVICE_TYPE_CPU)
                && memory.memoryTypes().stream().limit(memory.memoryTypeCount())
                        .anyMatch(kind -> (kind.propertyFlags() & IN_PLACE) == IN_PLACE);
    }
}
