package org.intarsia.backend.vulkan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.vulkan.device.PhysicalDevices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which devices there are, and what is said when there is none. */
class VulkanBackendTest {
    private static final String NO_LOADER = "no Vulkan loader was found; install libvulkan1 (on Debian and its like) or vulkan-loader";
    private static final String NO_DRIVER = "the Vulkan loader found no driver; install one, for example mesa-vulkan-drivers";

    @TempDir
    private Path cache;

    /** Prints why there is no device; run as a process of its own, since a JVM opens the Vulkan loader once. */
    static final class Asked {
        public static void main(String[] arguments) {
            System.out.print(new VulkanBackend(Map.of()).unavailable());
        }
    }

    @Test
    void devicesSayWhatTheyAre() {
        try (Watched watched = new Watched(cache)) {
            DeviceInfo first = watched.backend().devices().getFirst();
            assertThat(first.name()).matches("[a-z0-9-]+");
            assertThat(first.memoryBytes()).isPositive();
            assertThat(first.features()).contains("storage-16bit").anyMatch(feature -> feature.startsWith("driver "))
                    .anyMatch(feature -> feature.matches("subgroup-\\d+")).anyMatch(feature -> feature.startsWith("vulkan-1."));
            assertThat(watched.backend().devices()).extracting(DeviceInfo::name).doesNotHaveDuplicates();
            assertThatThrownBy(() -> watched.backend().open("no-such")).isInstanceOf(BackendException.class)
                    .hasMessageContaining("no device 'no-such'").hasMessageContaining(first.name());
        }
    }

    @Test
    void theConfiguredDeviceComesFirst() {
        try (Watched watched = new Watched(cache)) {
            String last = watched.backend().devices().getLast().name();
            assertThat(PhysicalDevices.of(watched.backend().instance(), last).usable().getFirst().name()).isEqualTo(last);
        }
    }

    @Test
    void leavingClosesWhatIsOpen() {
        Watched watched = new Watched(cache);
        Device device = watched.open();
        watched.close();
        assertThat(watched.backend().instance()).isNull();
        assertThat(watched.backend().unavailable()).contains("gone");
        device.close();
    }

    @Test
    void withoutALoaderItIsSaidWhatToInstall() throws Exception {
        assertThat(unavailable(Map.of(), "-Dorg.lwjgl.vulkan.libname=no-such-library")).isEqualTo(NO_LOADER);
    }

    @Test
    void withoutADriverItIsSaidWhatToInstall() throws Exception {
        String said = unavailable(Map.of("VK_ICD_FILENAMES", "/dev/null", "VK_DRIVER_FILES", "/dev/null"), "-Dnothing");
        assumeFalse(said.equals(NO_LOADER), said);
        assertThat(said).isEqualTo(NO_DRIVER);
    }

    private static String unavailable(Map<String, String> environment, String flag) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", flag, "-cp",
                System.getProperty("java.class.path"), Asked.class.getName());
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said;
    }
}
