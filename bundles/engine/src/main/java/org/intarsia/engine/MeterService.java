package org.intarsia.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Limits;
import org.intarsia.backend.api.Plan;
import org.intarsia.engine.api.Meter;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.Work;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The meter as a service. */
@Component(service = Meter.class)
public final class MeterService implements Meter {
    private static final List<Layer> LAYERS = List.of(
            new Layer(1024, 1024, 1024),
            // A model of some billion weights reads a prompt, and makes one token.
            new Layer(512, 4096, 4096),
            new Layer(1, 4096, 4096),
            // The model in the box learns from 3072 tokens at once.
            new Layer(3072, 192, 512),
            new Layer(3072, 512, 192));

    private final Registry registry;

    private record Layer(int rows, int inner, int columns) {
    }

    /** Made by Declarative Services. */
    @Activate
    public MeterService(@Reference Registry registry) {
        this.registry = registry;
    }

    @Override
    public Rates measure(Optional<String> name, Duration each, Consumer<String> progress) {
        return registry.using(() -> {
            Backend backend = registry.backend(name);
            try (Device device = backend.open()) {
                progress.accept("measuring the limits of " + backend.name());
                Limits limits = device.measureLimits();
                List<Product> products = new ArrayList<>();
                for (Layer layer : LAYERS) {
                    progress.accept("measuring a product of %d × %d and %d × %d".formatted(layer.rows, layer.inner,
                            layer.inner, layer.columns));
                    products.add(new Product(layer.rows, layer.inner, layer.columns, rate(device, layer, each)));
                }
                return new Rates(backend.name(), device.info(), limits, products);
            }
        });
    }

    private static double rate(Device device, Layer layer, Duration time) {
        TensorType type = TensorType.f32(layer.columns, layer.inner);
        GraphBuilder g = new GraphBuilder();
        Graph graph = g.build(Map.of("y", g.linear(g.input("x", TensorType.f32(layer.rows, layer.inner)),
                g.parameter("weight", type))));
        try (Buffer weight = device.allocate(type);
                Plan plan = device.compile(graph, Map.of("weight", weight), 0)) {
            weight.write(values(layer.columns * layer.inner));
            plan.input("x").write(values(layer.rows * layer.inner));
            return Work.floatOperations(graph) / fastest(plan, time);
        }
    }

    /** Seconds of the fastest run: machines are shared, and the first runs are slow. */
    private static double fastest(Plan plan, Duration time) {
        long fastest = Long.MAX_VALUE;
        long begin = System.nanoTime();
        long start = begin;
        do {
            plan.run();
            long end = System.nanoTime();
            fastest = Math.min(fastest, end - start);
            start = end;
        } while (start - begin < time.toNanos());
        return fastest / 1e9;
    }

    /** Ordinary values, none of which a processor could treat in a special way. */
    private static float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i % 1021 - 510) * 0x1p-9f;
        }
        return values;
    }
}
