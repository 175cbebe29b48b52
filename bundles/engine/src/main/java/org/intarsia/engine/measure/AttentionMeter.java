package org.intarsia.engine.measure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.Meter.Attention;
import org.intarsia.engine.api.Meter.Rate;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;

/** Measures causal attention on one device. To measure other lengths or heads, change the constants below. */
final class AttentionMeter {
    private static final List<Integer> CONTEXTS = List.of(1024, 4096);
    /** As many as a prompt may have behind what the cache holds already; they tell how long a whole prompt would take. */
    private static final int PART_OF_PROMPT = 64;
    /** Llama 3 8B has these heads. */
    private static final int HEADS = 32;
    private static final int KEY_HEADS = 8;
    private static final int HEAD_DIM = 128;
    private static final double SCALE = 1 / Math.sqrt(HEAD_DIM);

    private static final String QUERIES = "q";
    private static final String POSITION = "position";
    private static final String KEYS = "k";
    private static final String VALUES = "v";

    private final Device device;
    private final Precision precision;
    private final Stopwatch stopwatch;
    private final Consumer<String> progress;

    AttentionMeter(Device device, Precision precision, Stopwatch stopwatch, Consumer<String> progress) {
        this.device = device;
        this.precision = precision;
        this.stopwatch = stopwatch;
        this.progress = progress;
    }

    List<Attention> measure() {
        return measure(CONTEXTS);
    }

    List<Attention> measure(List<Integer> contexts) {
        List<Attention> measured = new ArrayList<>();
        for (int context : contexts) {
            double perQuery = 0;
            for (int queries : List.of(1, PART_OF_PROMPT, context)) {
                // More queries at once take no longer than one after the other.
                Attention attention = measure(queries, context, queries * perQuery);
                measured.add(attention);
                perQuery = attention.runs().perSecond().map(rate -> 1 / (rate * queries)).orElse(perQuery);
            }
        }
        return measured;
    }

    /** @param longest seconds that one run takes at most, or 0 where nothing is known */
    private Attention measure(int queries, int context, double longest) {
        Stopwatch.goOn();
        progress.accept(String.format(Locale.ROOT, "measuring attention of %d to %d places", queries, context));
        TensorType cache = TensorType.f32(1, context, KEY_HEADS, HEAD_DIM);
        int caches = queries > 1 ? 1 : Math.toIntExact(Math.ceilDiv(ProductMeter.BEYOND_CACHES, 2 * cache.bytes()));
        Rate runs = stopwatch.rate(longest, () -> Rate.of(caches / seconds(queries, cache, caches)));
        return new Attention(queries, context, HEADS, KEY_HEADS, HEAD_DIM, 2 * cache.bytes(),
                4.0 * queries * context * HEADS * HEAD_DIM, runs);
    }

    /** How long some queries take to meet each of so many equal caches. */
    private double seconds(int queries, TensorType cache, int caches) {
        int context = Math.toIntExact(cache.shape().size(1));
        GraphBuilder graph = new GraphBuilder();
        Node q = graph.input(QUERIES, TensorType.f32(1, queries, HEADS, HEAD_DIM));
        Node position = graph.input(POSITION, TensorType.i32(1, queries));
        float[] content = ProductMeter.values(Math.toIntExact(cache.shape().elements()));
        Map<String, Node> outputs = new HashMap<>();
        Map<String, Buffer> bound = new HashMap<>();
        try {
            for (int i = 0; i < caches; i++) {
                Node[] parts = new Node[2];
                for (int part = 0; part < parts.length; part++) {
                    String name = (part == 0 ? KEYS : VALUES) + i;
                    bound.put(name, device.allocate(cache));
                    bound.get(name).write(content);
                    parts[part] = graph.parameter(name, cache);
                }
                outputs.put("y" + i, graph.causalAttention(q, parts[0], parts[1], position, SCALE));
            }
            try (Plan plan = device.compile(graph.build(outputs), bound, 0, precision)) {
                plan.input(QUERIES).write(ProductMeter.values(queries * HEADS * HEAD_DIM));
                plan.input(POSITION).write(IntStream.range(context - queries, context).toArray());
                return stopwatch.fastest(plan::run);
            }
        } finally {
            bound.values().forEach(Buffer::close);
        }
    }
}
