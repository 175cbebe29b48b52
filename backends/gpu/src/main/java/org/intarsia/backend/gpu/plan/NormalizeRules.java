package org.intarsia.backend.gpu.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Normalize;

/** Ops that go row by row. */
final class NormalizeRules {
    /** Longer rows are shared out among groups: pictures have a few of a million elements each. */
    private static final long LONG = 8192;
    private static final long SLICE = 4096;

    private NormalizeRules() {
    }

    static void register(Map<String, Rule> rules) {
        rules.put("rmsNorm", (shape, fixed) -> List.of(overInnermost(shape, fixed, false)));
        rules.put("layerNorm", (shape, fixed) -> List.of(overInnermost(shape, fixed, true)));
        rules.put("groupNorm", NormalizeRules::groupNorm);
        rules.put("normalizeGradient", (shape, fixed) -> {
            Normalize.NormalizeGradient op = (Normalize.NormalizeGradient) fixed.op();
            return List.of(rows(KernelSource.of("normalizeGradient").with("CENTRED", op.centred() ? 1 : 0), shape, fixed,
                    bits(op.epsilon())));
        });
        rules.put("softmax", (shape, fixed) -> List.of(rows(KernelSource.of("softmax"), shape, fixed)));
        rules.put("softmaxGradient", (shape, fixed) -> List.of(rows(KernelSource.of("softmaxGradient"), shape, fixed)));
    }

    private static Launch overInnermost(Node shape, Node fixed, boolean centred) {
        long n = fixed.shape().size(-1);
        return rows(kernel(centred, centred), shape, fixed, bits(((Normalize) fixed.op()).epsilon()), n,
                fixed.operand(1).shape().elements(), 1);
    }

    private static List<Launch> groupNorm(Node shape, Node fixed) {
        Normalize.GroupNorm op = (Normalize.GroupNorm) fixed.op();
        long channels = fixed.shape().size(1);
        long places = fixed.shape().size(2) * fixed.shape().size(3);
        long together = channels / op.groups();
        long rows = fixed.shape().size(0) * op.groups();
        long n = together * places;
        Shape most = shape.shape().bounded();
        if (together * most.size(2) * most.size(3) < LONG) {
            return List.of(Launch.groups(kernel(true, true), rows, arrays(shape), n, bits(op.epsilon()), together, channels,
                    places));
        }
        long slices = Math.ceilDiv(n, SLICE);
        List<Node> arrays = new ArrayList<>(shape.operands());
        arrays.add(Launch.SCRATCH);
        arrays.add(shape);
        return List.of(
                Launch.groups(KernelSource.of("sliceMoments"), rows * slices, Arrays.asList(shape.operand(0), Launch.SCRATCH),
                        n, SLICE, slices).withScratch(2 * Float.BYTES * rows * slices),
                Launch.groups(KernelSource.of("normalizeSlices"), rows * slices, arrays, n, bits(op.epsilon()), together,
                        channels, places, SLICE, slices));
    }

    private static KernelSource kernel(boolean centred, boolean bias) {
        KernelSource source = KernelSource.of("normalize").with("CENTRED", centred ? 1 : 0);
        return bias ? source.with("BIAS", 1).with("ADD_BIAS", "+ bias[at]") : source.with("ADD_BIAS", "");
    }

    /** A group for each row of the innermost dimension. */
    private static Launch rows(KernelSource source, Node shape, Node fixed, long... more) {
        long n = fixed.shape().size(-1);
        long[] numbers = new long[more.length + 1];
        numbers[0] = n;
        System.arraycopy(more, 0, numbers, 1, more.length);
        return Launch.groups(source, n == 0 ? 0 : fixed.shape().elements() / n, arrays(shape), numbers);
    }

    /** All operands, then the result. */
    static List<Node> arrays(Node shape) {
        List<Node> arrays = new ArrayList<>(shape.operands());
        arrays.add(shape);
        return arrays;
    }

    private static int bits(double value) {
        return Float.floatToRawIntBits((float) value);
    }
}
