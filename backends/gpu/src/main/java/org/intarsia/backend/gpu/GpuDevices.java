package org.intarsia.backend.gpu;

import org.intarsia.backend.api.Device;
import org.intarsia.backend.gpu.plan.GpuDevice;

/** Makes devices of drivers. */
public final class GpuDevices {
    private GpuDevices() {
    }

    /**
     * A device that computes by a driver.
     *
     * @param driver  the device owns it from now on
     * @param onClose called once, after the device has been closed
     */
    public static Device of(Driver driver, Runnable onClose) {
        return new GpuDevice(driver, onClose);
    }
}
