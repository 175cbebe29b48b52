package org.intarsia.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Limits;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.backend.cpu.kernel.StoredBlocks;
import org.intarsia.graph.Blocks;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Rates of products of some rows with weights of 4096 × 4096 in several encodings, beside the limits of this machine. Not a
 * test: run {@link #main}. A step reads so many matrices that no cache holds them; times are the best of several.
 */
final class WeightsBenchmark {
    private static final int SIDE = 4096;
    private static final long MEMORY = 96L << 20;
    private static final Duration EACH = Duration.ofSeconds(1);
    /** So that compiled code is measured also where the compiler has to wait for a processor. */
    private static final int LEAST = 20;
    private static final int[] ROWS = {1, 2, 8, 512};

    private WeightsBenchmark() {
    }

    /** Encodings may be given; else those that models come in. */
    public static void main(String[] arguments) {
        List<Encoding> encodings = arguments.length == 0
                ? List.of(Encoding.F32, Encoding.BF16, Encoding.F16, Encoding.Q8_0, Encoding.Q4_0, Encoding.Q4_K, Encoding.Q6_K)
                : Arrays.stream(arguments).map(Encoding::valueOf).toList();
        try (Device device = new CpuBackend().open()) {
            Limits limits = device.measureLimits();
            System.out.printf(Locale.ROOT, "%s: copies %.1f GB/s, computes %.1f GFLOP/s%n", device.info().description(),
                    limits.bytes() / 1e9, limits.floatOperations() / 1e9);
            for (Encoding encoding : encodings) {
                for (int rows : ROWS) {
                    System.out.printf(Locale.ROOT, "%-4s %3d rows%s%s%n", encoding, rows, measure(device, encoding, rows, 1),
                            measure(device, encoding, rows, CpuBackend.processors()));
                }
            }
        }
    }

    private static String measure(Device device, Encoding encoding, int rows, int threads) {
        long bytes = encoding.bytes((long) SIDE * SIDE);
        int matrices = rows > 8 ? 1 : Math.toIntExact(Math.ceilDiv(MEMORY, bytes));
        TensorType type = new TensorType(Shape.of(SIDE, SIDE), encoding);
        try (Arena arena = Arena.ofShared()) {
            GraphBuilder graph = new GraphBuilder();
            Node x = graph.input("x", TensorType.f32(rows, SIDE));
            Map<String, Buffer> bound = new LinkedHashMap<>();
            Map<String, Node> outputs = new LinkedHashMap<>();
            for (int i = 0; i < matrices; i++) {
                bound.put("w" + i, device.constant(type, weights(encoding, SIDE, arena.allocate(bytes, 64))));
                outputs.put("y" + i, graph.matMul(x, graph.parameter("w" + i, type), false, true));
            }
            try (Plan plan = device.compile(graph.build(outputs), bound, threads)) {
                plan.input("x").write(MemorySegment.ofArray(Native.gaussian(rows * SIDE, rows * SIDE)));
                double best = Double.POSITIVE_INFINITY;
                long begin = System.nanoTime();
                long start = begin;
                for (int round = 0; round < LEAST || start - begin < EACH.toNanos(); round++) {
                    plan.run(Map.of());
                    long end = System.nanoTime();
                    best = Math.min(best, (end - start) / (double) matrices);
                    start = end;
                }
                return String.format(Locale.ROOT, "; %d threads: %6.2f ms, %5.1f GB/s, %6.1f GFLOP/s", threads, best / 1e6,
                        bytes / best, 2.0 * rows * SIDE * SIDE / best);
            }
        }
    }

    /** One row of values, over and over: speed does not depend on them. */
    static MemorySegment weights(Encoding encoding, int inner, MemorySegment target) {
        long row = encoding.bytes(inner);
        float[] values = Native.gaussian(inner, inner);
        MemorySegment first = target.asSlice(0, row);
        if (encoding.isBlockQuantised() && !Blocks.writable().contains(encoding)) {
            StoredBlocks.write(encoding, first, new Random(inner));
        } else if (encoding.isBlockQuantised()) {
            Blocks.encode(encoding, values, 0, inner, first, 0);
        } else {
            for (int i = 0; i < inner; i++) {
                long bits = encoding.bits(values[i]);
                if (encoding == Encoding.F32) {
                    first.setAtIndex(Memory.INT, i, (int) bits);
                } else {
                    first.setAtIndex(Memory.SHORT, i, (short) bits);
                }
            }
        }
        for (long at = row; at < target.byteSize(); at += row) {
            target.asSlice(at, row).copyFrom(first);
        }
        return target;
    }
}
