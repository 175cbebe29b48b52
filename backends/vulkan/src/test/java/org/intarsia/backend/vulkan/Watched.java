package org.intarsia.backend.vulkan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.vulkan.device.Candidate;
import org.intarsia.backend.vulkan.device.Instance;
import org.intarsia.backend.vulkan.device.PhysicalDevices;
import org.intarsia.backend.vulkan.device.Properties;
import org.junit.jupiter.api.Assumptions;

/** A backend for tests, watched by the validation layer where that is installed. Closing it tells what the layer saw. */
final class Watched implements AutoCloseable {
    private final Settings settings;
    private final VulkanBackend backend;

    /** Uses all that the device has. */
    Watched(Path cache) {
        this(new Settings("", cache, true, true, Optional.of(true), Optional.empty()));
    }

    /** Ends the test, with the reason, when there is no device. */
    Watched(Settings settings) {
        this.settings = settings;
        backend = new VulkanBackend(settings);
        if (!backend.unavailable().isEmpty()) {
            String reason = "vulkan: this test needs a device: " + backend.unavailable();
            // Maven counts what is skipped, or not even that where it makes its tests itself, and does not say why.
            System.out.println("[WARNING] " + reason);
            assertThat(Boolean.getBoolean("require.devices")).as(reason).isFalse();
            Assumptions.abort(reason);
        }
    }

    Device open() {
        return backend.open();
    }

    VulkanBackend backend() {
        return backend;
    }

    Candidate candidate() {
        return PhysicalDevices.of(backend.instance(), "").usable().getFirst();
    }

    VulkanDriver driver() {
        return driver(candidate());
    }

    /** A driver that pretends that the host does not see the device's memory. */
    VulkanDriver stagingDriver() {
        return pretending(candidate().properties().largestBinding(), false);
    }

    /** A driver that pretends that kernels see no more than this of one array. */
    VulkanDriver narrowDriver(long largestBinding) {
        return pretending(largestBinding, candidate().properties().hostMemory());
    }

    private VulkanDriver pretending(long largestBinding, boolean hostMemory) {
        Candidate real = candidate();
        Properties was = real.properties();
        Properties pretended = new Properties(was.deviceName(), was.type(), was.driver(), was.driverVersion(), was.apiVersion(),
                was.uuid(), was.subgroupSize(), was.wholeSubgroups(), was.subgroups(), was.alignment(), largestBinding,
                was.largestAllocation(), was.largestGroup(), was.sharedBytes(), was.mostBindings(), was.dotAccelerated(),
                was.memoryBytes(), hostMemory);
        return driver(new Candidate(real.device(), real.queueFamily(), real.capabilities(), pretended, real.matrices(), real.info()));
    }

    private VulkanDriver driver(Candidate candidate) {
        return new VulkanDriver(backend.instance(), candidate, settings);
    }

    @Override
    public void close() {
        Instance instance = backend.instance();
        backend.deactivate();
        assertThat(instance.validationMessages()).as("what the validation layer reports").isEmpty();
    }
}
