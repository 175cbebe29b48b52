package org.intarsia.backend.cpu;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.HostMemory;
import org.intarsia.backend.api.HostProducts;
import org.intarsia.backend.api.ProvidesBackend;
import org.intarsia.backend.cpu.code.MachineCode;
import org.intarsia.backend.cpu.rounding.ProductLibrary;
import org.intarsia.backend.cpu.vector.Kernels;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Computes on the host's processors. There is one device, {@code cpu}, and every open of it stands on its own. */
@ProvidesBackend(name = CpuBackend.NAME, version = ProvidesBackend.EVERYWHERE)
@Component(service = Backend.class, configurationPid = CpuBackend.PID, property = "service.ranking:Integer=1")
@Designate(ocd = Settings.Description.class)
public final class CpuBackend implements Backend {
    static final String NAME = "cpu";
    static final String PID = "org.intarsia.backend.cpu";
    private static final Logger LOGGER = LoggerFactory.getLogger(CpuBackend.class);

    private final Kernels kernels;
    private final Set<CpuDevice> open = new HashSet<>();
    private final ProductLibrary library = new ProductLibrary();
    private final MachineCode code = new MachineCode();
    private volatile Settings settings;

    /** A backend with the best kernels that the runtime allows. */
    @Activate
    public CpuBackend(Map<String, Object> properties) {
        this(Kernels.best(), properties);
    }

    /** A backend as nobody has configured it. */
    public CpuBackend() {
        this(Kernels.best());
    }

    CpuBackend(Kernels kernels) {
        this(kernels, Map.of());
    }

    private CpuBackend(Kernels kernels, Map<String, ?> properties) {
        this.kernels = kernels;
        this.settings = Settings.of(properties, LOGGER::warn);
    }

    /** Takes another configuration, which counts for plans that are compiled from now on. */
    @Modified
    void modified(Map<String, Object> properties) {
        settings = Settings.of(properties, LOGGER::warn);
    }

    /** Takes a library for the large products of fast plans, those that are compiled already too. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    public void setProducts(HostProducts products) {
        library.set(products);
    }

    /** Does without a library again, once the products that it computes are done. */
    public void unsetProducts(HostProducts products) {
        library.unset(products);
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
        List<String> features = new ArrayList<>(List.of(
                kernels.vectorised() ? "vectors of " + 32 * lanes + " bits" : "no vectors", "same-bits-for-any-threads"));
        // What a library computes depends on the number of rows.
        features.add(library.name().map(name -> "large fast products by " + name).orElse("same-bits-beside-others"));
        return new DeviceInfo(NAME, processors() + " processors, " + System.getProperty("os.arch"), HostMemory.bytes(), features);
    }

    static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Device open(String device) {
        if (!device.equals(NAME)) {
            throw new BackendException("backend cpu has no device '" + device + "'; its only device is '" + NAME + "'");
        }
        CpuDevice opened = new CpuDevice(kernels, info(), () -> settings, library, code, this::closed);
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
        code.close();
    }
}
