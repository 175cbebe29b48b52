package org.intarsia.backend.vulkan;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.intarsia.backend.gpu.KernelCache;

/**
 * What may be configured, under the PID {@value VulkanBackend#PID}.
 *
 * @param device     {@code device}: the name of the device to put first, empty for the best
 * @param cache      {@code cache}: the folder that keeps compiled kernels; otherwise one in the user's cache folder
 * @param validation {@code validation}: whether the validation layer watches; otherwise what the system property
 *                   {@value #VALIDATION} says
 * @param subgroups  {@code subgroups}: false keeps kernels from subgroup operations, for a driver that does them wrongly
 * @param cooperativeMatrices {@code cooperativeMatrices}: whether products use cooperative matrices where the device has
 *                   them; otherwise where it does not compute on the processor
 * @param integerDotProducts {@code integerDotProducts}: whether kernels use the instruction for products of four bytes
 *                   where the device has it; otherwise where it is no slower than others
 */
record Settings(String device, Path cache, boolean validation, boolean subgroups,
        Optional<Boolean> cooperativeMatrices, Optional<Boolean> integerDotProducts) {
    static final String VALIDATION = "intarsia.vulkan.validation";

    static Settings of(Map<String, ?> properties) {
        Object device = properties.get("device");
        Object cache = properties.get("cache");
        Object validation = properties.get("validation");
        return new Settings(device == null ? "" : device.toString(),
                cache == null ? KernelCache.userFolder(VulkanBackend.NAME) : Path.of(cache.toString()),
                validation == null ? Boolean.getBoolean(VALIDATION) : Boolean.parseBoolean(validation.toString()),
                choice(properties, "subgroups").orElse(true), choice(properties, "cooperativeMatrices"),
                choice(properties, "integerDotProducts"));
    }

    Settings withoutSubgroups() {
        return new Settings(device, cache, validation, false, cooperativeMatrices, integerDotProducts);
    }

    Settings withoutCooperativeMatrices() {
        return new Settings(device, cache, validation, subgroups, Optional.of(false), integerDotProducts);
    }

    private static Optional<Boolean> choice(Map<String, ?> properties, String name) {
        return Optional.ofNullable(properties.get(name)).map(value -> Boolean.parseBoolean(value.toString()));
    }
}
