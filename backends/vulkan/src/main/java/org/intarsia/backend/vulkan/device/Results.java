package org.intarsia.backend.vulkan.device;

import static org.lwjgl.vulkan.VK12.*;

import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceLostException;

/** Vulkan's result codes in words. */
public final class Results {
    private Results() {
    }

    /**
     * Passes when a call has succeeded.
     *
     * @param call what was called, and on what where that helps
     * @throws DeviceLostException where that is the result
     * @throws BackendException    which names the call and its result
     */
    public static void check(int result, String call) {
        if (result == VK_SUCCESS) {
            return;
        }
        String message = "vulkan: " + call + " failed: " + describe(result);
        throw result == VK_ERROR_DEVICE_LOST ? new DeviceLostException(message) : new BackendException(message);
    }

    /** The result's name, and what it means for whoever reads it. */
    public static String describe(int result) {
        return switch (result) {
            case VK_TIMEOUT -> "VK_TIMEOUT, the device did not answer in time";
            case VK_INCOMPLETE -> "VK_INCOMPLETE, the driver had more to say than there was room for";
            case VK_ERROR_OUT_OF_HOST_MEMORY -> "VK_ERROR_OUT_OF_HOST_MEMORY, the host has no memory left";
            case VK_ERROR_OUT_OF_DEVICE_MEMORY -> "VK_ERROR_OUT_OF_DEVICE_MEMORY, the device has no memory left";
            case VK_ERROR_INITIALIZATION_FAILED -> "VK_ERROR_INITIALIZATION_FAILED, the driver could not start";
            case VK_ERROR_DEVICE_LOST -> "VK_ERROR_DEVICE_LOST, the device hung or was reset; open it again";
            case VK_ERROR_MEMORY_MAP_FAILED -> "VK_ERROR_MEMORY_MAP_FAILED, the host has no addresses left";
            case VK_ERROR_LAYER_NOT_PRESENT -> "VK_ERROR_LAYER_NOT_PRESENT, the validation layer cannot be loaded";
            case VK_ERROR_EXTENSION_NOT_PRESENT -> "VK_ERROR_EXTENSION_NOT_PRESENT, the driver lacks an extension";
            case VK_ERROR_FEATURE_NOT_PRESENT -> "VK_ERROR_FEATURE_NOT_PRESENT, the driver lacks a feature";
            case VK_ERROR_INCOMPATIBLE_DRIVER -> "VK_ERROR_INCOMPATIBLE_DRIVER, no driver fits the loader";
            case VK_ERROR_TOO_MANY_OBJECTS -> "VK_ERROR_TOO_MANY_OBJECTS, too much is open on the device";
            case VK_ERROR_FRAGMENTED_POOL -> "VK_ERROR_FRAGMENTED_POOL, the descriptors are in pieces";
            case VK_ERROR_OUT_OF_POOL_MEMORY -> "VK_ERROR_OUT_OF_POOL_MEMORY, there are no descriptors left";
            case VK_ERROR_UNKNOWN -> "VK_ERROR_UNKNOWN, the driver gave no reason";
            default -> "result " + result;
        };
    }
}
