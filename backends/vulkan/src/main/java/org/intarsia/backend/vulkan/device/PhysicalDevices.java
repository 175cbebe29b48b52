package org.intarsia.backend.vulkan.device;

import static org.lwjgl.vulkan.VK12.*;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkPhysicalDevice;
import org.lwjgl.vulkan.VkPhysicalDeviceProperties;

/**
 * The devices that are there.
 *
 * @param usable best first, names unique
 * @param why    why there is none, in one sentence; of no meaning otherwise
 */
public record PhysicalDevices(List<Candidate> usable, String why) {

    /** @param first the name of the device to put first, or empty */
    public static PhysicalDevices of(Instance instance, String first) {
        List<Candidate> usable = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (VkPhysicalDevice device : instance.devices()) {
            try (MemoryStack stack = MemoryStack.stackPush()) {
                var properties = VkPhysicalDeviceProperties.malloc(stack);
                vkGetPhysicalDeviceProperties(device, properties);
                int queueFamily = Candidate.queueFamily(device);
                boolean old = Integer.compareUnsigned(properties.apiVersion(), VK_API_VERSION_1_2) < 0;
                Capabilities capabilities = old ? null : Capabilities.of(device);
                String reason = old ? "its driver is for Vulkan " + Versions.text(properties.apiVersion()) + " and 1.2 is needed"
                        : queueFamily < 0 ? "it has no queue that computes" : capabilities.missing();
                if (reason.isEmpty()) {
                    usable.add(Candidate.of(device, queueFamily, capabilities));
                } else {
                    refused.add(properties.deviceNameString() + ": " + reason);
                }
            }
        }
        return new PhysicalDevices(ordered(usable, first), refused.isEmpty() ? Instance.NO_DRIVER
                : "no Vulkan device can be used (" + String.join("; ", refused) + "); update the driver, or use another device");
    }

    /** Best first; of several with the same name, the second gets {@code -2} behind it, in the order of their ids. */
    private static List<Candidate> ordered(List<Candidate> found, String first) {
        List<Candidate> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingInt(Candidate::rank).thenComparing(one -> one.properties().uuid()));
        Map<String, Integer> seen = new HashMap<>();
        sorted.replaceAll(one -> {
            int number = seen.merge(one.name(), 1, Integer::sum);
            return number == 1 ? one : one.named(one.name() + "-" + number);
        });
        // The sort is stable: the others stay as they are.
        sorted.sort(Comparator.comparing(one -> !one.name().equals(first)));
        return List.copyOf(sorted);
    }

    /** No devices, for a reason that is a sentence already. */
    public static PhysicalDevices none(String why) {
        return new PhysicalDevices(List.of(), why);
    }

    public Optional<Candidate> named(String name) {
        return usable.stream().filter(one -> one.name().equals(name)).findFirst();
    }
}
