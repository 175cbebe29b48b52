package org.intarsia.backend.opencl;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.intarsia.backend.gpu.KernelCache;

/**
 * What may be configured, under the PID {@value OpenClBackend#PID}.
 *
 * @param device    {@code device}: the name of the device to put first, or a part of its description; empty for the best
 * @param cache     {@code cache}: the folder that keeps compiled kernels; otherwise one in the user's cache folder
 * @param profile   {@code profile}: whether each kernel is timed, and the times are logged (at level info) when a plan is
 *                  closed; otherwise what the system property {@value #PROFILE} says
 * @param subgroups {@code subgroups}: false keeps kernels from subgroup operations, for a driver that does them wrongly
 * @param integerDotProducts {@code integerDotProducts}: whether kernels use the instruction for products of four bytes
 *                   where the device has it; otherwise where it is no slower than others
 */
record Settings(String device, Path cache, boolean profile, boolean subgroups, Optional<Boolean> integerDotProducts) {
    static final String PROFILE = "intarsia.opencl.profile";

    static Settings of(Map<String, ?> properties) {
        Object device = properties.get("device");
        Object cache = properties.get("cache");
        Object profile = properties.get("profile");
        return new Settings(device == null ? "" : device.toString().strip(),
                cache == null ? KernelCache.userFolder(OpenClBackend.NAME) : Path.of(cache.toString()),
                profile == null ? Boolean.getBoolean(PROFILE) : Boolean.parseBoolean(profile.toString()),
                choice(properties, "subgroups").orElse(true), choice(properties, "integerDotProducts"));
    }

    private static Optional<Boolean> choice(Map<String, ?> properties, String name) {
        return Optional.ofNullable(properties.get(name)).map(value -> Boolean.parseBoolean(value.toString()));
    }
}
