package org.intarsia.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.PagedAttention;

/**
 * Attention to keys in blocks of 16, in F32 and F16, beside attention to one row of keys a sequence, by turns in one run. Not a
 * test: run {@link #main}.
 */
final class PagedBenchmark {
    private static final int BLOCK = 16;
    private static final int FIRST = 20;
    private static final int ROUNDS = 21;

    private PagedBenchmark() {
    }

    public static void main(String[] arguments) {
        try (Device device = new CpuBackend().open()) {
            for (int threads : new int[] {1, CpuBackend.processors()}) {
                for (int[] heads : new int[][] {{32, 8, 64}, {16, 16, 64}}) {
                    for (int[] size : new int[][] {{1, 1, 512}, {1, 1, 2048}, {8, 1, 512}, {64, 1, 512}, {1, 8, 512}, {1, 64, 64},
                        {1, 64, 512}, {1, 512, 512}, {1, 512, 2048}}) {
                        measure(device, threads, heads, size[0], size[1], size[2]);
                    }
                }
            }
        }
    }

    private static void measure(Device device, int threads, int[] heads, int sequences, int length, int context) {
        List<Plan> plans = new ArrayList<>();
        plans.add(rows(device, threads, heads, sequences, length, context));
        plans.add(blocks(device, threads, heads, sequences, length, context, Encoding.F32));
        plans.add(blocks(device, threads, heads, sequences, length, context, Encoding.F16));
        double[] seconds = ByTurns.medianSeconds(plans, FIRST, ROUNDS);
        System.out.printf(Locale.ROOT, "%d threads, heads %d/%d of %d, %2d sequences of %3d to %4d: rows %8.3f ms; blocks in F32 %5.2f,"
                + " in F16 %5.2f times as fast%n", threads, heads[0], heads[1], heads[2], sequences, length, context, seconds[0] * 1e3,
                seconds[0] / seconds[1], seconds[0] / seconds[2]);
        plans.forEach(Plan::close);
    }

    private static Plan rows(Device device, int threads, int[] heads, int sequences, int length, int context) {
        GraphBuilder g = new GraphBuilder();
        TensorType cache = TensorType.f32(sequences, context, heads[1], heads[2]);
        Node q = g.input("q", TensorType.f32(sequences, length, heads[0], heads[2]));
        Node mixed = g.causalAttention(q, g.parameter("k", cache), g.parameter("v", cache),
                g.input("position", TensorType.i32(sequences, length)), 0.125);
        Plan plan = device.compile(g.build(Map.of("y", mixed)), Map.of("k", random(device, cache), "v", random(device, cache)), threads);
        plan.input("q").write(MemorySegment.ofArray(Native.gaussian((int) q.shape().elements(), 1)));
        plan.input("position").write(IntStream.range(0, sequences * length).map(i -> context - length + i % length).toArray());
        return plan;
    }

    private static Plan blocks(Device device, int threads, int[] heads, int sequences, int length, int context, Encoding stored) {
        GraphBuilder g = new GraphBuilder();
        int most = context / BLOCK;
        TensorType pool = new TensorType(Shape.of((long) sequences * most, BLOCK, heads[1], heads[2]), stored);
        int tokens = sequences * length;
        Node q = g.input("q", TensorType.f32(tokens, heads[0], heads[2]));
        Node mixed = g.add(new PagedAttention(0.125, 0, 0), q, g.parameter("k", pool), g.parameter("v", pool),
                g.input("position", TensorType.i32(tokens)), g.input("row", TensorType.i32(tokens)),
                g.input("table", TensorType.i32(sequences, most)));
        Plan plan = device.compile(g.build(Map.of("y", mixed)), Map.of("k", random(device, pool), "v", random(device, pool)), threads);
        plan.input("q").write(MemorySegment.ofArray(Native.gaussian((int) q.shape().elements(), 1)));
        plan.input("position").write(IntStream.range(0, tokens).map(i -> context - length + i % length).toArray());
        plan.input("row").write(IntStream.range(0, tokens).map(i -> i / length).toArray());
        plan.input("table").write(IntStream.range(0, sequences * most).map(i -> (int) (i * 7919L % (sequences * most))).toArray());
        return plan;
    }

    private static Buffer random(Device device, TensorType type) {
        Buffer buffer = device.allocate(type);
        float[] values = Native.gaussian((int) type.shape().elements(), 2);
        if (type.encoding() == Encoding.F32) {
            buffer.write(values);
        } else {
            short[] halves = new short[values.length];
            for (int i = 0; i < halves.length; i++) {
                halves[i] = Float.floatToFloat16(values[i]);
            }
            buffer.write(MemorySegment.ofArray(halves));
        }
        return buffer;
    }
}
