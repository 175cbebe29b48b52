package org.intarsia.backend.gpu.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Reduce;

/** Ops that join elements along axes. */
final class ReduceRules {
    /** From so many elements on, a result is worth a group of threads. */
    private static final long LONG = 32;

    private ReduceRules() {
    }

    static void register(Map<String, Rule> rules) {
        rules.put("sum", (shape, fixed) -> List.of(join(shape, fixed, "0.0f", "((a) + (b))", "GROUP_SUM")));
        rules.put("maxReduce", (shape, fixed) -> List.of(
                join(shape, fixed, "VALUE(0xFF800000u)", "larger((a), (b))", "GROUP_MAX")));
        rules.put("argMax", ReduceRules::argMax);
    }

    private static Launch join(Node shape, Node fixed, String start, String join, String groupJoin) {
        List<Integer> axes = ((Reduce) fixed.op()).axes();
        Shape x = fixed.operand(0).shape();
        List<Long> kept = new ArrayList<>();
        List<Long> joined = new ArrayList<>();
        long[] strides = x.strides();
        for (int axis = x.rank() - 1; axis >= 0; axis--) {
            List<Long> numbers = axes.contains(axis) ? joined : kept;
            numbers.add(x.size(axis));
            numbers.add(strides[axis]);
        }
        long results = fixed.shape().elements();
        List<Long> numbers = new ArrayList<>(
                List.of(x.elements() / Math.max(1, results), kept.size() / 2L, joined.size() / 2L));
        numbers.addAll(kept);
        numbers.addAll(joined);
        long[] all = numbers.stream().mapToLong(Long::longValue).toArray();
        List<Node> arrays = List.of(shape.operand(0), shape);
        return bounded(shape, axes) >= LONG
                ? Launch.groups(kernel("reduce", start, join).with("GROUP_OF", groupJoin), results, arrays, all)
                : Launch.each(kernel("reduceShort", start, join), results, arrays, all);
    }

    private static KernelSource kernel(String name, String start, String join) {
        return KernelSource.of(name).with("START", start).with("JOIN(a, b)", join);
    }

    private static long bounded(Node shape, List<Integer> axes) {
        long count = 1;
        for (int axis : axes) {
            count *= shape.operand(0).shape().dim(axis).bounded();
        }
        return count;
    }

    /** Sums {@code slices} arrays of {@code each} elements that lie one behind the other in scratch memory. */
    static Launch sumSlices(Node y, long slices, long each) {
        KernelSource source = kernel("reduceShort", "0.0f", "((a) + (b))");
        List<Node> arrays = new ArrayList<>();
        arrays.add(Launch.SCRATCH);
        arrays.add(y);
        return Launch.each(source, each, arrays, slices, 1, 1, each, 1, slices, each);
    }

    private static List<Launch> argMax(Node shape, Node fixed) {
        Shape x = fixed.operand(0).shape();
        int axis = ((Reduce.ArgMax) fixed.op()).axis();
        return List.of(Launch.each(KernelSource.of("argMax"), fixed.shape().elements(), List.of(shape.operand(0), shape),
                x.size(axis), x.strides()[axis]));
    }
}
