package org.intarsia.backend.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A way to compute: the service that a backend bundle registers. Safe for use by several threads.
 */
@ProviderType
public interface Backend {

    /** The name that users type, for example {@code cpu}; unique among the installed backends. */
    String name();

    /** The devices that are there now, best first; empty when there are none. */
    List<DeviceInfo> devices();

    /**
     * Why there is no device and what would mend it, in one sentence; empty while {@link #devices()} is not.
     */
    default String unavailable() {
        return "";
    }

    /**
     * Opens the device of the given name.
     *
     * @throws BackendException when there is no such device or it cannot be used
     */
    Device open(String device);

    /** Opens the best device. */
    default Device open() {
        return devices().stream().findFirst().map(info -> open(info.name()))
                .orElseThrow(() -> new BackendException("backend " + name() + " has no device: " + unavailable()));
    }
}
