package org.intarsia.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.graph.Blocks;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Rates of products of few rows, exact and fast by turns: GB/s of weights as they are stored, beside the rate at which this
 * machine copies.
 */
final class PrecisionBenchmark {
    private static final int SIZE = 4096;
    private static final int ROUNDS = 300;

    private PrecisionBenchmark() {
    }

    public static void main(String[] names) {
        List<Encoding> encodings = names.length > 0 ? Arrays.stream(names).map(Encoding::valueOf).toList()
                : List.of(Encoding.Q4_0, Encoding.Q4_K, Encoding.Q6_K);
        try (Device device = new CpuBackend().open()) {
            System.out.printf(Locale.ROOT, "copies: %.1f GB/s%n", device.measureLimits().bytes() / 1e9);
            for (Encoding encoding : encodings) {
                for (int rows : new int[] {1, 2, 4, 8}) {
                    for (int threads : new int[] {1, 0}) {
                        measure(device, encoding, rows, threads);
                    }
                }
            }
        }
    }

    private static void measure(Device device, Encoding encoding, int rows, int threads) {
        GraphBuilder graph = new GraphBuilder();
        TensorType type = new TensorType(Shape.of(SIZE, SIZE), encoding);
        var y = graph.matMul(graph.input("x", TensorType.f32(rows, SIZE)), graph.parameter("w", type), false, true);
        var built = graph.build(Map.of("y", y));
        try (Arena arena = Arena.ofConfined(); Buffer weights = device.constant(type, weights(arena, encoding));
                Plan exact = device.compile(built, Map.of("w", weights), threads);
                Plan fast = device.compile(built, Map.of("w", weights), threads, Precision.FAST)) {
            double[] best = {Double.MAX_VALUE, Double.MAX_VALUE};
            for (int round = 0; round < ROUNDS; round++) {
                List<Plan> plans = List.of(exact, fast);
                for (int i = 0; i < 2; i++) {
                    long begun = System.nanoTime();
                    plans.get(i).run();
                    best[i] = Math.min(best[i], (System.nanoTime() - begun) / 1e9);
                }
            }
            double bytes = encoding.bytes((long) SIZE * SIZE) / 1e9;
            System.out.printf(Locale.ROOT, "%s, %d rows, %s: exact %.1f, fast %.1f GB/s, %.2f times%n", encoding, rows,
                    threads == 1 ? "one thread" : "all threads", bytes / best[0], bytes / best[1], best[0] / best[1]);
        }
    }

    private static MemorySegment weights(Arena arena, Encoding encoding) {
        MemorySegment stored = arena.allocate(encoding.bytes((long) SIZE * SIZE), 64);
        float[] row = Native.gaussian(SIZE, 1);
        for (int i = 0; i < SIZE; i++) {
            Blocks.encode(encoding, row, 0, SIZE, stored, i * encoding.bytes(SIZE));
        }
        return stored;
    }
}
