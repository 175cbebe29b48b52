package org.intarsia.backend.onednn;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** Rates of products with BF16 weights, the CPU backend's exact ones and oneDNN's by turns, beside what the machine computes in F32. */
final class ProductsBenchmark {
    private static final int SIZE = 4096;
    private static final int ROUNDS = 20;

    private ProductsBenchmark() {
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("onednn");
        try (OneDnn library = new OneDnn(folder)) {
            CpuBackend backend = new CpuBackend();
            backend.setProducts(library);
            try (Device device = backend.open()) {
                System.out.printf(Locale.ROOT, "%s; F32 with all threads: %.0f GFLOP/s%n", library.library(),
                        device.measureLimits().floatOperations() / 1e9);
                for (int rows : new int[] {16, 32, 64, 128, 512}) {
                    for (int threads : new int[] {1, 0}) {
                        measure(device, rows, threads);
                    }
                }
            }
            backend.unsetProducts(library);
        } finally {
            Files.deleteIfExists(folder.resolve("libdnnl.so.3"));
            Files.deleteIfExists(folder);
        }
    }

    private static void measure(Device device, int rows, int threads) {
        GraphBuilder graph = new GraphBuilder();
        TensorType type = new TensorType(Shape.of(SIZE, SIZE), Encoding.BF16);
        var y = graph.matMul(graph.input("x", TensorType.f32(rows, SIZE)), graph.parameter("w", type), false, true);
        var built = graph.build(Map.of("y", y));
        try (Arena arena = Arena.ofShared(); Buffer weights = device.constant(type, weights(arena));
                Plan exact = device.compile(built, Map.of("w", weights), threads);
                Plan fast = device.compile(built, Map.of("w", weights), threads, Precision.FAST)) {
            List<Plan> plans = List.of(exact, fast);
            double[] best = {Double.MAX_VALUE, Double.MAX_VALUE};
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < 2; i++) {
                    long begun = System.nanoTime();
                    plans.get(i).run();
                    best[i] = Math.min(best[i], (System.nanoTime() - begun) / 1e9);
                }
            }
            double operations = 2.0 * rows * SIZE * SIZE / 1e9;
            System.out.printf(Locale.ROOT, "%d rows, %s: exact %.0f, oneDNN %.0f GFLOP/s, %.2f times%n", rows,
                    threads == 1 ? "one thread" : "all threads", operations / best[0], operations / best[1], best[0] / best[1]);
        }
    }

    private static MemorySegment weights(Arena arena) {
        MemorySegment stored = arena.allocate(2L * SIZE * SIZE, 64);
        Random random = new Random(1);
        for (long i = 0; i < (long) SIZE * SIZE; i++) {
            stored.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits((float) random.nextGaussian()) >>> 16));
        }
        return stored;
    }
}
