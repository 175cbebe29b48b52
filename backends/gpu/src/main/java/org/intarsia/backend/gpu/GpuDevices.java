package org.intarsia.backend.gpu;

import org.intarsia.backend.api.Device;
import org.intarsia.backend.gpu.plan.GpuDevice;

/** Makes devices of drivers. */
public final class GpuDevices {
    /**
     * A feature of these devices: a token has the same bits beside any others where a batch has at least 5 tokens. Fewer are
     * multiplied by kernels that are bound by memory and sum in another order.
     */
    public static final String SAME_BITS = "same-bits-beside-others-from-5-rows";

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
