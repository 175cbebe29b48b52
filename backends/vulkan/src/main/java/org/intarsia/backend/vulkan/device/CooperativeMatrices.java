package org.intarsia.backend.vulkan.device;

import static org.lwjgl.vulkan.KHRCooperativeMatrix.*;

import java.nio.IntBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.intarsia.backend.gpu.CooperativeMatrix;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkCooperativeMatrixPropertiesKHR;
import org.lwjgl.vulkan.VkPhysicalDevice;

/**
 * The shapes of matrices that a device's subgroups multiply in one instruction, F16 times F16 added up in F32.
 *
 * @param shapes in the driver's order
 */
public record CooperativeMatrices(List<CooperativeMatrix> shapes) {
    /** What the matrices of most devices are like; a larger one needs more registers than products have to spare. */
    private static final int USUAL = 16;

    /** @param subgroup how many threads hold one */
    static CooperativeMatrices of(VkPhysicalDevice device, int subgroup) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            Results.check(vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR(device, count, null),
                    "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR");
            try (VkCooperativeMatrixPropertiesKHR.Buffer shapes = VkCooperativeMatrixPropertiesKHR.calloc(count.get(0))) {
                shapes.forEach(VkCooperativeMatrixPropertiesKHR::sType$Default);
                Results.check(vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR(device, count, shapes),
                        "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR");
                return new CooperativeMatrices(shapes.stream().filter(CooperativeMatrices::isMixed)
                        .map(shape -> new CooperativeMatrix(shape.MSize(), shape.NSize(), shape.KSize(), subgroup))
                        .distinct().toList());
            }
        }
    }

    private static boolean isMixed(VkCooperativeMatrixPropertiesKHR shape) {
        return shape.scope() == VK_SCOPE_SUBGROUP_KHR
                && shape.AType() == VK_COMPONENT_TYPE_FLOAT16_KHR && shape.BType() == VK_COMPONENT_TYPE_FLOAT16_KHR
                && shape.CType() == VK_COMPONENT_TYPE_FLOAT32_KHR && shape.ResultType() == VK_COMPONENT_TYPE_FLOAT32_KHR;
    }

    /** {@code cooperative-matrix-ROWSxCOLUMNSxDEPTH} for each. */
    List<String> features() {
        return shapes.stream()
                .map(shape -> "cooperative-matrix-" + shape.rows() + "x" + shape.columns() + "x" + shape.depth()).toList();
    }

    /**
     * The one that products use: the largest of those that are not larger than usual.
     *
     * @param sharedBytes memory that the threads of a group may share
     */
    public Optional<CooperativeMatrix> best(int sharedBytes) {
        return shapes.stream().filter(shape -> Math.max(shape.rows(), Math.max(shape.columns(), shape.depth())) <= USUAL)
                .filter(shape -> shape.sharedBytes() <= sharedBytes)
                .max(Comparator.comparingInt(shape -> shape.rows() * shape.columns() * shape.depth()));
    }
}
