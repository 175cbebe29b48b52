package org.intarsia.backend.gpu.plan;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Node;
import org.intarsia.graph.op.Rope;

/** Ops on sequences with heads. */
final class SequenceRules {
    private SequenceRules() {
    }

    static void register(Map<String, Rule> rules) {
        rules.put("rope", SequenceRules::rope);
    }

    private static List<Launch> rope(Node shape, Node fixed) {
        Rope op = (Rope) fixed.op();
        long half = op.frequencies().size();
        LongStream frequencies = op.frequencies().stream()
                .mapToLong(frequency -> Float.floatToRawIntBits((float) (op.inverse() ? -frequency : frequency)));
        return List.of(Launch.each(KernelSource.of("rope"), fixed.shape().elements() / 2, NormalizeRules.arrays(shape),
                LongStream.concat(LongStream.of(fixed.shape().size(2), half), frequencies).toArray()));
    }
}
