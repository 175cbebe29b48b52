package org.intarsia.backend.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Backends for tests. */
final class Backends {
    private Backends() {
    }

    /** Returns a backend with a device. Without a device it aborts the test, with the reason. */
    static OpenClBackend present(Map<String, Object> settings) {
        OpenClBackend backend = new OpenClBackend(settings);
        if (backend.devices().isEmpty()) {
            String reason = "opencl: this test needs a device: " + backend.unavailable();
            // Maven counts what is skipped, or not even that where it makes its tests itself, and does not say why.
            System.out.println("[WARNING] " + reason);
            assertThat(Boolean.getBoolean("require.devices")).as(reason).isFalse();
            Assumptions.abort(reason);
        }
        return backend;
    }

    static OpenClBackend present() {
        return present(Map.of());
    }

    /** Its best device, opened. */
    static OpenClDriver driver(OpenClBackend backend) {
        return backend.openDriver(backend.devices().getFirst().name());
    }
}
