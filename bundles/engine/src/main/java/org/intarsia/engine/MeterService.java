package org.intarsia.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Limits;
import org.intarsia.backend.api.Plan;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Meter;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.Work;
import org.intarsia.model.api.Text;
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

    private static final String SENTENCE = "a red star left of a blue house";
    private static final int SENTENCES = 24;
    private static final List<Integer> TOGETHER = List.of(1, 8);

    private final Registry registry;

    private record Layer(int rows, int inner, int columns) {
    }

    /** Made by Declarative Services. */
    @Activate
    public MeterService(@Reference Registry registry) {
        this.registry = registry;
    }

    @Override
    public Rates measure(Placement placement, Duration each, Consumer<String> progress) {
        return registry.using(() -> {
            Backend backend = registry.backend(placement.backend());
            try (Device device = Registry.open(backend, placement)) {
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

    @Override
    public Pace measure(Model model, Duration each, Consumer<String> progress) {
        progress.accept("measuring how " + model.name() + " reads and writes");
        // Half a stream or so of text, and behind it the tokens of one picture.
        Request alone = request(String.join(" ", Collections.nCopies(SENTENCES, SENTENCE)), Sampling.GREEDY);
        Timed best = timed(model, alone);
        long begin = System.nanoTime();
        do {
            best = best.or(timed(model, alone));
        } while (System.nanoTime() - begin < each.toNanos());
        TreeMap<Integer, Double> pictures = new TreeMap<>();
        for (int together : TOGETHER) {
            progress.accept("measuring the pictures of " + model.name() + ", " + together + " at once");
            List<Request> requests = Collections.nCopies(together, request(SENTENCE, model.sampling(Goal.PICTURE)));
            pictures.put(together, together / fastest(() -> model.prepare(requests, event -> { }).run(), each));
        }
        return new Pace(best.prompt, best.prompt / best.prefill, best.decoded / best.decode,
                model.bytesPerToken() * best.decoded / best.decode, pictures);
    }

    /**
     * How one picture went.
     *
     * @param prefill seconds up to the first token
     * @param decode  seconds from there to the last
     */
    private record Timed(int prompt, double prefill, int decoded, double decode) {
        Timed or(Timed other) {
            return new Timed(prompt, Math.min(prefill, other.prefill), decoded, Math.min(decode, other.decode));
        }
    }

    private static Timed timed(Model model, Request request) {
        long start = System.nanoTime();
        List<Long> times = new ArrayList<>();
        Answer answer = model.prepare(List.of(request), event -> {
            if (event instanceof Event.PictureProgress) {
                times.add(System.nanoTime());
            }
        }).run().getFirst();
        return new Timed(answer.prompt().size(), (times.getFirst() - start) / 1e9, times.size() - 1,
                (times.getLast() - times.getFirst()) / 1e9);
    }

    private static Request request(String words, Sampling sampling) {
        return new Request(List.of(new Text(words)), Goal.PICTURE, sampling);
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
            return Work.floatOperations(graph) / fastest(plan::run, time);
        }
    }

    /** Seconds of the fastest run: machines are shared, and the first runs are slow. */
    private static double fastest(Runnable work, Duration time) {
        long fastest = Long.MAX_VALUE;
        long begin = System.nanoTime();
        long start = begin;
        do {
            work.run();
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
