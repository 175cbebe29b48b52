package org.intarsia.engine.measure;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.Meter.Product;
import org.intarsia.engine.api.Meter.Rate;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.weights.Tensor;

/** Measures linear layers on one device. To measure another one, add a line to the table below. */
final class ProductMeter {
    private static final List<Layer> LAYERS = List.of(
            // The first tells how long larger ones would take.
            new Layer(1024, 1024, List.of(1024), List.of(Encoding.F32)),
            // A model of some billion weights makes one token, or one of each of 8 sequences, and reads a prompt; the last is
            // the square that vendors quote.
            new Layer(4096, 4096, List.of(1, 8, 512, 4096), List.of(Encoding.F32, Encoding.BF16, Encoding.F16, Encoding.Q8_0,
                    Encoding.Q4_0, Encoding.Q4_K)),
            // The model in the box learns from 3072 tokens at once.
            new Layer(192, 512, List.of(3072), List.of(Encoding.F32)),
            new Layer(512, 192, List.of(3072), List.of(Encoding.F32)));

    /** A step of a large model reads weights that no cache holds, so a few rows meet so many bytes of them. */
    static final long BEYOND_CACHES = 256L << 20;
    private static final int FEW_ROWS = 8;

    private static final String X = "x";
    private static final String WEIGHT = "weight";

    private final Device device;
    private final Precision precision;
    private final Stopwatch stopwatch;
    private final Consumer<String> progress;
    /** Seconds that a float operation took in the last product of many rows, by the encoding of its weight. */
    private final Map<Encoding, Double> secondsPerOperation = new EnumMap<>(Encoding.class);

    /**
     * A weight, and what it meets.
     *
     * @param rows      how many rows at once, ascending
     * @param encodings how it is stored
     */
    private record Layer(int inner, int columns, List<Integer> rows, List<Encoding> encodings) {
    }

    ProductMeter(Device device, Precision precision, Stopwatch stopwatch, Consumer<String> progress) {
        this.device = device;
        this.precision = precision;
        this.stopwatch = stopwatch;
        this.progress = progress;
    }

    List<Product> measure() {
        List<Product> products = new ArrayList<>();
        for (Layer layer : LAYERS) {
            Tensor values = Tensor.of(WEIGHT, Shape.of(layer.columns, layer.inner), values(layer.columns * layer.inner));
            Map<Encoding, Tensor> stored = new EnumMap<>(Encoding.class);
            for (int rows : layer.rows) {
                for (Encoding encoding : layer.encodings) {
                    Stopwatch.goOn();
                    progress.accept(String.format(Locale.ROOT, "measuring a product of %d × %d and %d × %d in %s", rows,
                            layer.inner,
                            layer.inner, layer.columns, encoding));
                    products.add(measure(rows, stored.computeIfAbsent(encoding, values::to)));
                }
            }
        }
        return products;
    }

    private Product measure(int rows, Tensor weight) {
        int columns = Math.toIntExact(weight.shape().size(0));
        int inner = Math.toIntExact(weight.shape().size(1));
        Encoding encoding = weight.type().encoding();
        int matrices = rows > FEW_ROWS ? 1 : Math.toIntExact(Math.ceilDiv(BEYOND_CACHES, weight.type().bytes()));
        double operations = 2.0 * rows * inner * columns;
        // Weights in any encoding meet many rows about equally fast.
        double secondsEach = secondsPerOperation.getOrDefault(encoding, secondsPerOperation.getOrDefault(Encoding.F32, 0.0));
        Rate runs = stopwatch.rate(matrices * operations * secondsEach,
                () -> Rate.of(matrices / seconds(weight, matrices, rows, values(rows * inner))));
        if (rows > FEW_ROWS) {
            // Few rows are bound by memory.
            runs.perSecond().ifPresent(rate -> secondsPerOperation.put(encoding, 1 / (rate * operations)));
        }
        return new Product(rows, inner, columns, encoding, weight.type().bytes(), operations, runs);
    }

    /** How long some rows take to meet each of so many equal matrices. */
    private double seconds(Tensor weight, int matrices, int rows, float[] x) {
        GraphBuilder graph = new GraphBuilder();
        Node input = graph.input(X, TensorType.f32(rows, weight.shape().size(1)));
        Map<String, Node> outputs = new HashMap<>();
        Map<String, Buffer> weights = new HashMap<>();
        try {
            for (int i = 0; i < matrices; i++) {
                weights.put(WEIGHT + i, device.constant(weight.type(), weight.content()));
                outputs.put("y" + i, graph.linear(input, graph.parameter(WEIGHT + i, weight.type())));
            }
            try (Plan plan = device.compile(graph.build(outputs), weights, 0, precision)) {
                plan.input(X).write(x);
                return stopwatch.fastest(plan::run);
            }
        } finally {
            weights.values().forEach(Buffer::close);
        }
    }

    /** Ordinary values, none of which a processor could treat in a special way. */
    static float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i % 1021 - 510) * 0x1p-9f;
        }
        return values;
    }
}
