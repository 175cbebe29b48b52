package org.intarsia.engine.measure;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.Meter;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.registry.Registry;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The meter as a service. */
@Component(service = Meter.class)
public final class MeterService implements Meter {
    private final Registry registry;

    @Activate
    public MeterService(@Reference Registry registry) {
        this.registry = registry;
    }

    @Override
    public Roofline limits(Placement placement, Consumer<String> progress) {
        return registry.using(() -> {
            Backend backend = registry.backend(placement.backend());
            try (Device device = Registry.open(backend, placement)) {
                Stopwatch.goOn();
                progress.accept("measuring the limits of " + backend.name());
                return new Roofline(backend.name(), device.info(), device.measureLimits());
            }
        });
    }

    @Override
    public List<Product> products(Placement placement, Duration each, Consumer<String> progress) {
        return registry.using(() -> {
            try (Device device = Registry.open(registry.backend(placement.backend()), placement)) {
                return new ProductMeter(device, precision(placement), new Stopwatch(each), progress).measure();
            }
        });
    }

    @Override
    public List<Attention> attention(Placement placement, Duration each, Consumer<String> progress) {
        return registry.using(() -> {
            try (Device device = Registry.open(registry.backend(placement.backend()), placement)) {
                return new AttentionMeter(device, precision(placement), new Stopwatch(each), progress).measure();
            }
        });
    }

    /** Fast where nothing was asked for: what the device does best; F32 is exact in either case. */
    private static Precision precision(Placement placement) {
        return placement.precision().orElse(Precision.FAST);
    }

    @Override
    public Pace pace(Model model, Duration each, Consumer<String> progress) {
        return new ModelMeter(model, new Stopwatch(each), progress).measure();
    }

    @Override
    public Decoding decoding(Model model, Duration each, Consumer<String> progress) {
        return new ModelMeter(model, new Stopwatch(each), progress).measureDecoder();
    }
}
