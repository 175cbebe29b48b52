package org.intarsia.backend.cpu;

import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.ProvidesBackend;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Computes on the host's processors. There is one device, {@code cpu}, and every open of it stands on its own. */
@ProvidesBackend(name = CpuBackend.NAME, version = ProvidesBackend.EVERYWHERE)
@Component(service = Backend.class, property = "service.ranking:Integer=1")
public final class CpuBackend implements Backend {
    static final String NAME = "cpu";

    private final Kernels kernels;
    private final Set<CpuDevice> open = new HashSet<>();

    /** A backend with the best kernels that the runtime allows. */
    @Activate
    public CpuBackend() {
        this(Kernels.best());
    }

    CpuBackend(Kernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<DeviceInfo> devices() {
        return List.of(info());
    }

    DeviceInfo info() {
        int lanes = kernels.tiles().lanes();
        return new DeviceInfo(NAME, processors() + " processors, " + System.getProperty("os.arch"), memoryBytes(),
                List.of(kernels.vectorised() ? "vectors of " + 32 * lanes + " bits" : "no vectors", "same-bits-for-any-threads"));
    }

    static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    static long memoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize() : Runtime.getRuntime().maxMemory();
    }

    @Override
    public Device open(String device) {
        if (!device.equals(NAME)) {
            throw new BackendException("backend cpu has no device '" + device + "'; its only device is '" + NAME + "'");
        }
        CpuDevice opened = new CpuDevice(kernels, info(), this::closed);
        synchronized (open) {
            open.add(opened);
        }
        return opened;
    }

    private void closed(CpuDevice device) {
        synchronized (open) {
            open.remove(device);
        }
    }

    /** Closes what is still open when the bundle leaves. */
    @Deactivate
    void deactivate() {
        List<CpuDevice> left;
        synchronized (open) {
            left = List.copyOf(open);
        }
        left.forEach(CpuDevice::close);
    }
}
