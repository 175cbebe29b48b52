package org.intarsia.backend.cpu;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.graph.Gradients;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.Work;
import org.intarsia.graph.op.Leaf;

/** Rates of what a training multiplies, on one thread, exact and mixed by turns. */
final class MixedBenchmark {
    private static final int ROUNDS = 40;
    /** Code is compiled while these run. */
    private static final int FIRST = 40;
    private static final int PLACES = 1536;

    private MixedBenchmark() {
    }

    public static void main(String[] none) {
        try (Device device = new CpuBackend().open()) {
            measure(device, "attention of 300 places, 6 heads of 32, with gradients", attention(5, 300, 6, 32));
            measure(device, "attention of 1,024 places, 8 heads of 64, with gradients", attention(1, 1024, 8, 64));
            for (int width : new int[] {192, 512, 2048}) {
                int inner = 8 * width / 3;
                measure(device, "x · weightᵀ, " + width, product(PLACES, inner, width, false, true));
                measure(device, "its gradient by x", product(PLACES, width, inner, false, false));
                measure(device, "its gradient by the weight", product(inner, width, PLACES, true, false));
            }
        }
    }

    private static Graph product(int rows, int columns, int inner, boolean transposeA, boolean transposeB) {
        GraphBuilder g = new GraphBuilder();
        Node a = g.input("a", TensorType.f32(transposeA ? Shape.of(inner, rows) : Shape.of(rows, inner)));
        Node b = g.input("b", TensorType.f32(transposeB ? Shape.of(columns, inner) : Shape.of(inner, columns)));
        return g.build(Map.of("y", g.matMul(a, b, transposeA, transposeB)));
    }

    private static Graph attention(int sequences, int length, int heads, int headDim) {
        GraphBuilder g = new GraphBuilder();
        TensorType type = TensorType.f32(sequences, length, heads, headDim);
        List<Node> inputs = List.of(g.input("q", type), g.input("k", type), g.input("v", type));
        Node result = g.causalAttention(inputs.get(0), inputs.get(1), inputs.get(2), g.iota(TensorType.i32(sequences, length), 1),
                1 / Math.sqrt(headDim));
        Map<String, Node> outputs = new LinkedHashMap<>(Map.of("y", result));
        List<Node> gradients = Gradients.of(g, Map.of(result, g.input("d", type)), inputs);
        for (int i = 0; i < gradients.size(); i++) {
            outputs.put("gradient" + i, gradients.get(i));
        }
        return g.build(outputs);
    }

    private static void measure(Device device, String what, Graph graph) {
        try (Plan exact = device.compile(graph, Map.of(), 1); Plan mixed = device.compile(graph, Map.of(), 1, Precision.MIXED)) {
            List<Plan> plans = List.of(exact, mixed);
            for (Plan plan : plans) {
                graph.leaves(Leaf.Input.class).forEach((name, node) -> plan.input(name).write(
                        Native.gaussian(Math.toIntExact(node.shape().elements()), name.hashCode())));
            }
            double[] seconds = ByTurns.medianSeconds(plans, FIRST, ROUNDS);
            double operations = Work.floatOperations(graph) / 1e9;
            double exactly = seconds[0];
            double rounded = seconds[1];
            System.out.printf(Locale.ROOT, "%-58s exact %4.0f, mixed %4.0f GFLOP/s, %.1f times%n", what, operations / exactly,
                    operations / rounded, exactly / rounded);
        }
    }
}
