package org.intarsia.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Rates of products with weights that no cache holds, exact and fast by turns: GB/s of weights as they are stored and GFLOP/s, beside
 * the rate at which this machine copies.
 */
final class PrecisionBenchmark {
    private static final int COLUMNS = 8192;
    private static final int INNER = 2048;
    private static final long MEMORY = 256L << 20;
    private static final int ROUNDS = 40;
    /** Code is compiled, and weights are packed, while these run. */
    private static final int FIRST = 10;

    private PrecisionBenchmark() {
    }

    /** @param names of encodings; all that fast plans compute otherwise where none is given */
    public static void main(String[] names) {
        List<Encoding> encodings = names.length > 0 ? Arrays.stream(names).map(Encoding::valueOf).toList()
                : List.of(Encoding.BF16, Encoding.Q8_0, Encoding.Q4_0, Encoding.Q4_K, Encoding.Q5_K, Encoding.Q6_K);
        try (Device device = new CpuBackend().open()) {
            System.out.printf(Locale.ROOT, "copies: %.1f GB/s%n", device.measureLimits().bytes() / 1e9);
            for (Encoding encoding : encodings) {
                for (int rows : new int[] {1, 2, 4, 8, 64, 512}) {
                    measure(device, encoding, rows);
                }
            }
        }
    }

    private static void measure(Device device, Encoding encoding, int rows) {
        long bytes = encoding.bytes((long) COLUMNS * INNER);
        int matrices = rows > 8 ? 1 : Math.toIntExact(Math.ceilDiv(MEMORY, bytes));
        TensorType type = new TensorType(Shape.of(COLUMNS, INNER), encoding);
        try (Arena arena = Arena.ofConfined()) {
            GraphBuilder graph = new GraphBuilder();
            Node x = graph.input("x", TensorType.f32(rows, INNER));
            Map<String, Buffer> bound = new LinkedHashMap<>();
            Map<String, Node> outputs = new LinkedHashMap<>();
            for (int i = 0; i < matrices; i++) {
                bound.put("w" + i, device.constant(type, WeightsBenchmark.weights(encoding, INNER, arena.allocate(bytes, 64))));
                outputs.put("y" + i, graph.matMul(x, graph.parameter("w" + i, type), false, true));
            }
            Graph built = graph.build(outputs);
            try (Plan exact = device.compile(built, bound, 0); Plan fast = device.compile(built, bound, 0, Precision.FAST)) {
                List<Plan> plans = List.of(exact, fast);
                plans.forEach(plan -> plan.input("x").write(MemorySegment.ofArray(Native.gaussian(rows * INNER, rows))));
                double[] seconds = ByTurns.medianSeconds(plans, FIRST, ROUNDS);
                double exactly = seconds[0] / matrices;
                double rounded = seconds[1] / matrices;
                System.out.printf(Locale.ROOT, "%-4s %3d rows: exact %5.1f GB/s, %5.0f GFLOP/s; fast %5.1f GB/s, %5.0f GFLOP/s;"
                        + " %.1f times%n", encoding, rows, bytes / exactly / 1e9, 2e-9 * rows * COLUMNS * INNER / exactly,
                        bytes / rounded / 1e9, 2e-9 * rows * COLUMNS * INNER / rounded, exactly / rounded);
            }
        }
    }
}
