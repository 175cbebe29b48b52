package org.intarsia.backend.vulkan.device;

import static org.lwjgl.vulkan.EXTMemoryBudget.VK_EXT_MEMORY_BUDGET_EXTENSION_NAME;
import static org.lwjgl.vulkan.EXTSubgroupSizeControl.VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME;
import static org.lwjgl.vulkan.KHRCooperativeMatrix.VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME;
import static org.lwjgl.vulkan.KHRPortabilitySubset.VK_KHR_PORTABILITY_SUBSET_EXTENSION_NAME;
import static org.lwjgl.vulkan.KHRShaderIntegerDotProduct.VK_KHR_SHADER_INTEGER_DOT_PRODUCT_EXTENSION_NAME;
import static org.lwjgl.vulkan.VK12.*;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkDeviceCreateInfo;
import org.lwjgl.vulkan.VkExtensionProperties;
import org.lwjgl.vulkan.VkPhysicalDevice;
import org.lwjgl.vulkan.VkPhysicalDeviceCooperativeMatrixFeaturesKHR;
import org.lwjgl.vulkan.VkPhysicalDeviceFeatures2;
import org.lwjgl.vulkan.VkPhysicalDeviceShaderIntegerDotProductFeaturesKHR;
import org.lwjgl.vulkan.VkPhysicalDeviceSubgroupSizeControlFeaturesEXT;
import org.lwjgl.vulkan.VkPhysicalDeviceVulkan11Features;
import org.lwjgl.vulkan.VkPhysicalDeviceVulkan12Features;

/**
 * What of Vulkan's options a device has, as far as kernels can use it. Only 16-bit storage and timeline semaphores are
 * needed; the rest is switched on where it is there.
 *
 * @param wholeSubgroups    a kernel may ask for subgroups of a certain size, all of them full
 * @param cooperativeMatrix matrices spread over a subgroup, {@code VK_KHR_cooperative_matrix}
 * @param memoryBudget      the driver tells how much memory others have taken
 * @param portabilitySubset the driver sits on another interface, and asks that one knows
 */
public record Capabilities(boolean storage16, boolean timelineSemaphore, boolean storage8, boolean float16, boolean int8,
        boolean int16, boolean int64, boolean scalarLayout, boolean extendedSubgroups, boolean memoryModel,
        boolean dotProduct, boolean wholeSubgroups, boolean cooperativeMatrix, boolean memoryBudget, boolean portabilitySubset) {

    /** Asks a device of Vulkan 1.2 or newer. */
    static Capabilities of(VkPhysicalDevice device) {
        Set<String> extensions = extensions(device);
        boolean dotProduct = extensions.contains(VK_KHR_SHADER_INTEGER_DOT_PRODUCT_EXTENSION_NAME);
        boolean sizeControl = extensions.contains(VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME);
        boolean matrix = extensions.contains(VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME);
        try (MemoryStack stack = MemoryStack.stackPush()) {
            var features = VkPhysicalDeviceFeatures2.calloc(stack).sType$Default();
            var features11 = VkPhysicalDeviceVulkan11Features.calloc(stack).sType$Default();
            var features12 = VkPhysicalDeviceVulkan12Features.calloc(stack).sType$Default();
            var dotFeatures = VkPhysicalDeviceShaderIntegerDotProductFeaturesKHR.calloc(stack).sType$Default();
            var sizeFeatures = VkPhysicalDeviceSubgroupSizeControlFeaturesEXT.calloc(stack).sType$Default();
            var matrixFeatures = VkPhysicalDeviceCooperativeMatrixFeaturesKHR.calloc(stack).sType$Default();
            features.pNext(features11).pNext(features12);
            if (dotProduct) {
                features.pNext(dotFeatures);
            }
            if (sizeControl) {
                features.pNext(sizeFeatures);
            }
            if (matrix) {
                features.pNext(matrixFeatures);
            }
            vkGetPhysicalDeviceFeatures2(device, features);
            boolean memoryModel = features12.vulkanMemoryModel();
            return new Capabilities(features11.storageBuffer16BitAccess(), features12.timelineSemaphore(),
                    features12.storageBuffer8BitAccess(), features12.shaderFloat16(), features12.shaderInt8(),
                    features.features().shaderInt16(), features.features().shaderInt64(), features12.scalarBlockLayout(),
                    features12.shaderSubgroupExtendedTypes(), memoryModel, dotFeatures.shaderIntegerDotProduct(),
                    sizeFeatures.subgroupSizeControl() && sizeFeatures.computeFullSubgroups(),
                    // Shaders that use such matrices are written for Vulkan's memory model.
                    matrixFeatures.cooperativeMatrix() && memoryModel,
                    extensions.contains(VK_EXT_MEMORY_BUDGET_EXTENSION_NAME),
                    extensions.contains(VK_KHR_PORTABILITY_SUBSET_EXTENSION_NAME));
        }
    }

    private static Set<String> extensions(VkPhysicalDevice device) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            Results.check(vkEnumerateDeviceExtensionProperties(device, (ByteBuffer) null, count, null),
                    "vkEnumerateDeviceExtensionProperties");
            try (VkExtensionProperties.Buffer found = VkExtensionProperties.malloc(count.get(0))) {
                Results.check(vkEnumerateDeviceExtensionProperties(device, (ByteBuffer) null, count, found),
                        "vkEnumerateDeviceExtensionProperties");
                return found.stream().map(VkExtensionProperties::extensionNameString).collect(Collectors.toSet());
            }
        }
    }

    /** What the device lacks that the kernels cannot do without, or an empty text. */
    String missing() {
        if (!storage16) {
            return "it has no 16-bit storage";
        }
        return timelineSemaphore ? "" : "it has no timeline semaphores";
    }

    /** Switches on in a new device all that is there. */
    void enable(VkDeviceCreateInfo info, MemoryStack stack) {
        var features = VkPhysicalDeviceFeatures2.calloc(stack).sType$Default();
        features.features().shaderInt16(int16).shaderInt64(int64);
        // Each is put before those that hang on the information already.
        info.pNext(features)
                .pNext(VkPhysicalDeviceVulkan11Features.calloc(stack).sType$Default().storageBuffer16BitAccess(storage16))
                .pNext(VkPhysicalDeviceVulkan12Features.calloc(stack).sType$Default()
                        .timelineSemaphore(timelineSemaphore).storageBuffer8BitAccess(storage8).shaderFloat16(float16)
                        .shaderInt8(int8).scalarBlockLayout(scalarLayout).shaderSubgroupExtendedTypes(extendedSubgroups)
                        .vulkanMemoryModel(memoryModel));
        if (dotProduct) {
            info.pNext(VkPhysicalDeviceShaderIntegerDotProductFeaturesKHR.calloc(stack).sType$Default()
                    .shaderIntegerDotProduct(true));
        }
        if (wholeSubgroups) {
            info.pNext(VkPhysicalDeviceSubgroupSizeControlFeaturesEXT.calloc(stack).sType$Default()
                    .subgroupSizeControl(true).computeFullSubgroups(true));
        }
        if (cooperativeMatrix) {
            info.pNext(VkPhysicalDeviceCooperativeMatrixFeaturesKHR.calloc(stack).sType$Default().cooperativeMatrix(true));
        }
        List<String> names = enabledExtensions();
        var pointers = stack.mallocPointer(names.size());
        names.forEach(name -> pointers.put(stack.UTF8(name)));
        info.ppEnabledExtensionNames(pointers.flip());
    }

    private List<String> enabledExtensions() {
        return Stream.of(dotProduct ? VK_KHR_SHADER_INTEGER_DOT_PRODUCT_EXTENSION_NAME : "",
                wholeSubgroups ? VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME : "",
                cooperativeMatrix ? VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME : "",
                memoryBudget ? VK_EXT_MEMORY_BUDGET_EXTENSION_NAME : "",
                portabilitySubset ? VK_KHR_PORTABILITY_SUBSET_EXTENSION_NAME : "")
                .filter(name -> !name.isEmpty()).toList();
    }
}
