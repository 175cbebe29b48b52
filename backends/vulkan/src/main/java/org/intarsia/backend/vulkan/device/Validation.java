package org.intarsia.backend.vulkan.device;

import static org.lwjgl.vulkan.EXTDebugUtils.*;
import static org.lwjgl.vulkan.VK10.VK_FALSE;
import static org.lwjgl.vulkan.VK10.vkEnumerateInstanceLayerProperties;

import java.nio.IntBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkDebugUtilsMessengerCallbackDataEXT;
import org.lwjgl.vulkan.VkDebugUtilsMessengerCallbackEXT;
import org.lwjgl.vulkan.VkDebugUtilsMessengerCreateInfoEXT;
import org.lwjgl.vulkan.VkLayerProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects what the validation layer has to say, and logs it. Safe for use by several threads. */
final class Validation implements AutoCloseable {
    static final String LAYER = "VK_LAYER_KHRONOS_validation";
    private static final Logger LOGGER = LoggerFactory.getLogger(Validation.class);

    private final Queue<String> messages = new ConcurrentLinkedQueue<>();
    private final VkDebugUtilsMessengerCallbackEXT callback = VkDebugUtilsMessengerCallbackEXT.create(this::report);

    /** Whether the layer is installed. */
    static boolean isInstalled() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            Results.check(vkEnumerateInstanceLayerProperties(count, null), "vkEnumerateInstanceLayerProperties");
            try (VkLayerProperties.Buffer layers = VkLayerProperties.malloc(count.get(0))) {
                Results.check(vkEnumerateInstanceLayerProperties(count, layers), "vkEnumerateInstanceLayerProperties");
                return layers.stream().anyMatch(layer -> layer.layerNameString().equals(LAYER));
            }
        }
    }

    VkDebugUtilsMessengerCreateInfoEXT messenger(MemoryStack stack) {
        return VkDebugUtilsMessengerCreateInfoEXT.calloc(stack).sType$Default()
                .messageSeverity(VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT)
                .messageType(VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT)
                .pfnUserCallback(callback);
    }

    private int report(int severity, int types, long data, long user) {
        String message = VkDebugUtilsMessengerCallbackDataEXT.create(data).pMessageString();
        messages.add(message);
        LOGGER.warn("{}", message);
        return VK_FALSE;
    }

    List<String> messages() {
        return List.copyOf(messages);
    }

    /** To be called when no instance can call back any more. */
    @Override
    public void close() {
        callback.free();
    }
}
