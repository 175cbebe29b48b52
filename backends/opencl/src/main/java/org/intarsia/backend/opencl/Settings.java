package org.intarsia.backend.opencl;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * What may be configured, under the PID {@value OpenClBackend#PID}.
 *
 * @param device  {@code device}: the name of the device to put first, or a part of its description; empty for the best
 * @param cache   {@code cache}: the folder that keeps compiled kernels; otherwise one in the user's cache folder
 * @param profile {@code profile}: whether each kernel is timed, and the times are logged (at level info) when a plan is
 *                closed; otherwise what the system property {@value #PROFILE} says
 */
record Settings(String device, Path cache, boolean profile) {
    static final String PROFILE = "intarsia.opencl.profile";

    static Settings of(Map<String, ?> properties) {
        Object device = properties.get("device");
        Object cache = properties.get("cache");
        Object profile = properties.get("profile");
        return new Settings(device == null ? "" : device.toString().strip(),
                cache == null ? userCache() : Path.of(cache.toString()),
                profile == null ? Boolean.getBoolean(PROFILE) : Boolean.parseBoolean(profile.toString()));
    }

    /** Where each system wants such files. */
    private static Path userCache() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String named = System.getenv(system.startsWith("windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
        Path base = named != null && !named.isBlank() ? Path.of(named)
                : Path.of(System.getProperty("user.home"), system.startsWith("mac") ? "Library/Caches" : ".cache");
        return base.resolve("intarsia").resolve("opencl");
    }
}
