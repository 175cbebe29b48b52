package org.intarsia.backend.vulkan;

import static org.lwjgl.vulkan.KHRCooperativeMatrix.*;

import java.nio.IntBuffer;
import java.util.List;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkCooperativeMatrixPropertiesKHR;
import org.lwjgl.vulkan.VkPhysicalDevice;

/** The shapes of matrices that a device's subgroups multiply in one instruction. */
final class CooperativeMatrices {
    private CooperativeMatrices() {
    }

    /** F16 times F16, added up in F32, as {@code cooperative-matrix-ROWSxCOLUMNSxDEPTH}. */
    static List<String> features(VkPhysicalDevice device) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            Results.check(vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR(device, count, null),
                    "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR");
            try (VkCooperativeMatrixPropertiesKHR.Buffer shapes = VkCooperativeMatrixPropertiesKHR.calloc(count.get(0))) {
                shapes.forEach(VkCooperativeMatrixPropertiesKHR::sType$Default);
                Results.check(vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR(device, count, shapes),
                        "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR");
                return shapes.stream().filter(CooperativeMatrices::isMixed)
                        .map(shape -> "cooperative-matrix-" + shape.MSize() + "x" + shape.NSize() + "x" + shape.KSize())
                        .distinct().toList();
            }
        }
    }

    private static boolean isMixed(VkCooperativeMatrixPropertiesKHR shape) {
        return shape.scope() == VK_SCOPE_SUBGROUP_KHR
                && shape.AType() == VK_COMPONENT_TYPE_FLOAT16_KHR && shape.BType() == VK_COMPONENT_TYPE_FLOAT16_KHR
                && shape.CType() == VK_COMPONENT_TYPE_FLOAT32_KHR && shape.ResultType() == VK_COMPONENT_TYPE_FLOAT32_KHR;
    }
}
