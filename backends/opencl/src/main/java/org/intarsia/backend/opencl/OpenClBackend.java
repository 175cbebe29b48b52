package org.intarsia.backend.opencl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.ProvidesBackend;
import org.intarsia.backend.gpu.GpuDevices;
import org.intarsia.backend.gpu.KernelCache;
import org.intarsia.backend.gpu.SubgroupCheck;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes on the devices that OpenCL offers: graphics cards with memory of their own first, then those that share the
 * host's, then others, processors last. They are looked up anew at each question, so a driver that was installed a
 * moment ago is there. Every open of a device stands on its own.
 *
 * <p>{@link Settings} says what may be configured; a new configuration closes what is open.
 */
@ProvidesBackend(name = OpenClBackend.NAME)
@Component(service = Backend.class, configurationPid = OpenClBackend.PID)
@Designate(ocd = Settings.Description.class)
public final class OpenClBackend implements Backend {
    static final String PID = "org.intarsia.backend.opencl";
    static final String NAME = "opencl";
    private static final Logger LOG = LoggerFactory.getLogger(OpenClBackend.class);

    private final Settings settings;
    private final KernelCache cache;
    private final Map<OpenClDriver, Device> open = new HashMap<>();
    private boolean loaded;
    private boolean gone;

    /** What was found, or why nothing can be used; one of the two is empty. */
    private record Choice(List<Hardware> devices, String unavailable) {
    }

    /** A backend as nobody has configured it. */
    public OpenClBackend() {
        this(Map.of());
    }

    @Activate
    public OpenClBackend(Map<String, Object> properties) {
        settings = Settings.of(properties, LOG::warn);
        cache = new KernelCache(settings.cache().orElseGet(() -> KernelCache.userFolder(NAME)));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<DeviceInfo> devices() {
        return choose().devices().stream().map(Hardware::info).toList();
    }

    @Override
    public String unavailable() {
        return choose().unavailable();
    }

    private synchronized Choice choose() {
        if (gone) {
            return new Choice(List.of(), "the bundle has been stopped; start it again");
        }
        if (!loaded) {
            String missing = Loader.acquire();
            if (!missing.isEmpty()) {
                return new Choice(List.of(), missing);
            }
            loaded = true;
        }
        Hardware.Found found = Hardware.find();
        if (found.usable().isEmpty()) {
            return new Choice(List.of(), found.refused().isEmpty()
                    ? "the OpenCL loader is there, but no driver with a device; install the driver of the graphics card, or one"
                            + " for the processor, for example with: apt install pocl-opencl-icd"
                    : "no OpenCL device can be used: " + String.join("; ", found.refused()) + "; install a newer driver");
        }
        return prefer(found.usable());
    }

    /** The configured device first. It does not fall back to others: somebody has asked for just this one. */
    private Choice prefer(List<Hardware> usable) {
        if (settings.device().isEmpty()) {
            return new Choice(usable, "");
        }
        List<Hardware> ordered = new ArrayList<>(usable.stream().filter(one -> one.isCalled(settings.device())).toList());
        if (ordered.isEmpty()) {
            return new Choice(List.of(), "no OpenCL device is called '" + settings.device() + "'; set 'device' under " + PID
                    + " to one of " + names(usable));
        }
        usable.stream().filter(one -> !ordered.contains(one)).forEach(ordered::add);
        return new Choice(List.copyOf(ordered), "");
    }

    private static String names(List<Hardware> devices) {
        return devices.stream().map(one -> one.info().name() + " (" + one.info().description() + ")")
                .collect(Collectors.joining(", "));
    }

    @Override
    public synchronized Device open(String device) {
        OpenClDriver driver = openDriver(device);
        try {
            Device opened = GpuDevices.of(driver, () -> closed(driver));
            open.put(driver, opened);
            return opened;
        } catch (RuntimeException e) {
            driver.close();
            throw e;
        }
    }

    /** The device below what {@link #open} gives; whoever asks closes it. */
    synchronized OpenClDriver openDriver(String device) {
        Choice choice = choose();
        if (choice.devices().isEmpty()) {
            throw new BackendException("backend opencl has no device: " + choice.unavailable());
        }
        Hardware hardware = choice.devices().stream().filter(one -> one.info().name().equals(device)).findFirst()
                .orElseThrow(() -> new BackendException("backend opencl has no device '" + device + "'; its devices are "
                        + names(choice.devices())));
        OpenClDriver driver = new OpenClDriver(hardware, cache(hardware), settings,
                settings.subgroups() && !hardware.subgroups().isEmpty());
        String fault = driver.subgroups() ? fault(driver) : "";
        if (fault.isEmpty()) {
            return driver;
        }
        driver.close();
        LOG.warn("{} does without subgroups, since its driver gets them wrong: {}; a newer driver may mend that, and"
                + " 'subgroups' = false under {} keeps it from being tried", hardware.info().name() + " ("
                + hardware.info().description() + ")", fault, PID);
        return new OpenClDriver(hardware, cache(hardware), settings, false);
    }

    /** Empty where the driver keeps kernels itself, and nobody has named a folder for them. */
    private Optional<KernelCache> cache(Hardware hardware) {
        return hardware.keepsKernels() && settings.cache().isEmpty() ? Optional.empty() : Optional.of(cache);
    }

    private static String fault(OpenClDriver driver) {
        try {
            return SubgroupCheck.fault(driver);
        } catch (RuntimeException e) {
            driver.close();
            throw e;
        }
    }

    private synchronized void closed(OpenClDriver driver) {
        open.remove(driver);
    }

    /** Closes what is still open when the bundle leaves, and unloads OpenCL. */
    @Deactivate
    void deactivate() {
        List<Device> left;
        synchronized (this) {
            gone = true;
            left = List.copyOf(open.values());
        }
        left.forEach(Device::close);
        synchronized (this) {
            if (loaded) {
                loaded = false;
                Loader.release();
            }
        }
    }
}
