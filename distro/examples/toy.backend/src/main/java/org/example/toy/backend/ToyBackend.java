package org.example.toy.backend;

import java.util.List;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.ProvidesBackend;
import org.osgi.service.component.annotations.Component;

/** The service: one device, and each opening of it stands on its own. Nobody gets it without asking for it by name. */
@ProvidesBackend(name = ToyBackend.NAME)
@Component(property = "service.ranking:Integer=-1000")
public final class ToyBackend implements Backend {
    static final String NAME = "toy";

    static final DeviceInfo INFO = new DeviceInfo(NAME, "the float64 interpreter on one thread",
            Runtime.getRuntime().maxMemory(), List.of("same-bits-for-any-threads"));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<DeviceInfo> devices() {
        return List.of(INFO);
    }

    @Override
    public Device open(String device) {
        if (!device.equals(NAME)) {
            throw new BackendException("backend toy has no device '" + device + "'; its only device is '" + NAME + "'");
        }
        return new ToyDevice();
    }
}
