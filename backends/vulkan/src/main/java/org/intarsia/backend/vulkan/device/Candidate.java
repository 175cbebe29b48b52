package org.intarsia.backend.vulkan.device;

import static org.lwjgl.vulkan.VK12.*;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.gpu.GpuDevices;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkPhysicalDevice;
import org.lwjgl.vulkan.VkQueueFamilyProperties;

/**
 * A device that can be opened.
 *
 * @param queueFamily where it computes
 * @param matrices    none where kernels cannot use them
 * @param info        what users are told of it
 */
public record Candidate(VkPhysicalDevice device, int queueFamily, Capabilities capabilities, Properties properties,
        CooperativeMatrices matrices, DeviceInfo info) {

    static Candidate of(VkPhysicalDevice device, int queueFamily, Capabilities capabilities) {
        Properties properties = Properties.of(device, capabilities);
        // Kernels count on subgroups of one size, and look for the largest number with their help.
        boolean usable = capabilities.cooperativeMatrix() && capabilities.float16() && properties.wholeSubgroups()
                && properties.subgroups();
        CooperativeMatrices matrices = usable ? CooperativeMatrices.of(device, properties.subgroupSize())
                : new CooperativeMatrices(List.of());
        return new Candidate(device, queueFamily, capabilities, properties, matrices,
                new DeviceInfo(shortName(properties.deviceName()), properties.deviceName(), properties.memoryBytes(),
                        features(capabilities, properties, matrices)));
    }

    Candidate named(String name) {
        return new Candidate(device, queueFamily, capabilities, properties, matrices,
                new DeviceInfo(name, info.description(), info.memoryBytes(), info.features()));
    }

    public String name() {
        return info.name();
    }

    /** Smaller is better. */
    int rank() {
        return switch (properties.type()) {
            case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU -> 0;
            case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU -> 1;
            case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU -> 2;
            case VK_PHYSICAL_DEVICE_TYPE_CPU -> 4;
            default -> 3;
        };
    }

    /** A name to type: what makers add in brackets is left out, since it changes with the driver. */
    static String shortName(String deviceName) {
        String name = deviceName.replaceAll("\\([^)]*\\)", " ").toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return name.isEmpty() ? "device" : name;
    }

    /** The queue family to compute with, or -1: best one that draws no pictures, so that it shares with nobody. */
    static int queueFamily(VkPhysicalDevice device) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            vkGetPhysicalDeviceQueueFamilyProperties(device, count, null);
            VkQueueFamilyProperties.Buffer families = VkQueueFamilyProperties.malloc(count.get(0), stack);
            vkGetPhysicalDeviceQueueFamilyProperties(device, count, families);
            int found = -1;
            for (int i = 0; i < families.capacity(); i++) {
                int flags = families.get(i).queueFlags();
                boolean computes = (flags & VK_QUEUE_COMPUTE_BIT) != 0;
                if (computes && (flags & VK_QUEUE_GRAPHICS_BIT) == 0) {
                    return i;
                }
                if (computes && found < 0) {
                    found = i;
                }
            }
            return found;
        }
    }

    private static List<String> features(Capabilities capabilities, Properties properties, CooperativeMatrices matrices) {
        List<String> features = new ArrayList<>(List.of("vulkan-" + properties.apiVersion(),
                "driver " + properties.driver(), "subgroup-" + properties.subgroupSize(), "storage-16bit"));
        if (capabilities.storage8()) {
            features.add("storage-8bit");
        }
        if (capabilities.float16()) {
            features.add("fp16");
        }
        if (capabilities.dotProduct()) {
            features.add(properties.dotAccelerated() ? "int8-dot-product" : "int8-dot-product-emulated");
        }
        features.add(GpuDevices.SAME_BITS);
        features.addAll(matrices.features());
        return features;
    }
}
