package org.intarsia.backend.vulkan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.ProvidesBackend;
import org.intarsia.backend.gpu.Driver;
import org.intarsia.backend.gpu.GpuDevices;
import org.intarsia.backend.gpu.ProductCheck;
import org.intarsia.backend.gpu.SubgroupCheck;
import org.intarsia.backend.vulkan.device.Candidate;
import org.intarsia.backend.vulkan.device.Instance;
import org.intarsia.backend.vulkan.device.PhysicalDevices;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes on what Vulkan drivers offer: graphics cards before graphics in processors before drivers that compute on the
 * processor. Every open stands on its own. {@link Settings} says what may be configured.
 */
@ProvidesBackend(name = VulkanBackend.NAME)
@Component(service = Backend.class, configurationPid = VulkanBackend.PID)
@Designate(ocd = Settings.Description.class)
public final class VulkanBackend implements Backend {
    static final String NAME = "vulkan";
    static final String PID = "org.intarsia.backend.vulkan";
    private static final Logger LOGGER = LoggerFactory.getLogger(VulkanBackend.class);

    private final Settings settings;
    private final Map<VulkanDriver, Device> open = new HashMap<>();
    /** Null until it is needed, and while there is nothing that it could give. */
    private Instance instance;
    private boolean deactivated;

    @Activate
    public VulkanBackend(Map<String, Object> properties) {
        this(Settings.of(properties, LOGGER::warn));
    }

    VulkanBackend(Settings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<DeviceInfo> devices() {
        return look().usable().stream().map(Candidate::info).toList();
    }

    @Override
    public String unavailable() {
        PhysicalDevices found = look();
        return found.usable().isEmpty() ? found.why() : "";
    }

    /** Looks anew each time while there is no device: one may be installed meanwhile. */
    private synchronized PhysicalDevices look() {
        try {
            if (instance == null) {
                requireActive();
                instance = new Instance(settings.validation());
            }
            PhysicalDevices found = PhysicalDevices.of(instance, settings.device());
            if (found.usable().isEmpty()) {
                closeInstance();
            }
            return found;
        } catch (BackendException e) {
            LOGGER.debug("there is no Vulkan", e);
            return PhysicalDevices.none(e.getMessage());
        }
    }

    @Override
    public synchronized Device open(String device) {
        requireActive();
        PhysicalDevices found = look();
        Candidate candidate = found.named(device).orElseThrow(() -> new BackendException("backend vulkan has no device '"
                + device + "'; " + (found.usable().isEmpty() ? found.why()
                        : "its devices are " + found.usable().stream().map(Candidate::name).toList())));
        VulkanDriver driver = driver(candidate);
        Device opened = GpuDevices.of(driver, () -> closed(driver));
        open.put(driver, opened);
        return opened;
    }

    /** A driver whose kernels use only what has been seen to work. */
    private VulkanDriver driver(Candidate candidate) {
        VulkanDriver driver = new VulkanDriver(instance, candidate, settings);
        if (driver.subgroups() && isWrong(driver, "subgroups", SubgroupCheck::fault)) {
            return new VulkanDriver(instance, candidate, settings.withoutSubgroups());
        }
        if (driver.cooperativeMatrix().isPresent() && isWrong(driver, "cooperativeMatrices", ProductCheck::fault)) {
            return new VulkanDriver(instance, candidate, settings.withoutCooperativeMatrices());
        }
        return driver;
    }

    /** Closes the driver when it is. */
    private static boolean isWrong(VulkanDriver driver, String what, Function<Driver, String> check) {
        boolean right = false;
        try {
            String fault = check.apply(driver);
            right = fault.isEmpty();
            if (!right) {
                LOGGER.warn("{} does without {}, since its driver gets them wrong: {}; a newer driver may mend that, and '{}' ="
                        + " false under {} keeps them from being tried", driver.info().name(), what, fault, what, PID);
            }
            return !right;
        } finally {
            if (!right) {
                driver.close();
            }
        }
    }

    private synchronized void closed(VulkanDriver driver) {
        open.remove(driver);
    }

    private void requireActive() {
        if (deactivated) {
            throw new BackendException("backend vulkan is gone; look for it again");
        }
    }

    /** Closes what is still open when the bundle leaves. */
    @Deactivate
    void deactivate() {
        Map<VulkanDriver, Device> left;
        synchronized (this) {
            deactivated = true;
            left = Map.copyOf(open);
        }
        left.forEach((driver, device) -> {
            device.close();
            // Who else is closing the device may not be done yet, and the instance must outlive the driver.
            driver.close();
        });
        synchronized (this) {
            closeInstance();
        }
    }

    private void closeInstance() {
        if (instance != null) {
            instance.close();
            instance = null;
        }
    }

    /** The connection to Vulkan, for tests; null while there is none. */
    synchronized Instance instance() {
        return instance;
    }
}
