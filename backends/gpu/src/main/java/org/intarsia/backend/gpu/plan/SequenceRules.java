package org.intarsia.backend.gpu.plan;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Attention;
import org.intarsia.graph.op.Rope;

/** Ops on sequences with heads. */
final class SequenceRules {
    private SequenceRules() {
    }

    static void register(Map<String, Rule> rules) {
        rules.put("rope", SequenceRules::rope);
        rules.put("attention", SequenceRules::attention);
    }

    private static List<Launch> rope(Node shape, Node fixed) {
        Rope op = (Rope) fixed.op();
        long half = op.frequencies().size();
        LongStream frequencies = op.frequencies().stream()
                .mapToLong(frequency -> Float.floatToRawIntBits((float) (op.inverse() ? -frequency : frequency)));
        return List.of(Launch.each(KernelSource.of("rope"), fixed.shape().elements() / 2, NormalizeRules.arrays(shape),
                LongStream.concat(LongStream.of(fixed.shape().size(2), half), frequencies).toArray()));
    }

    private static List<Launch> attention(Node shape, Node fixed) {
        Attention op = (Attention) fixed.op();
        Shape q = fixed.shape();
        Shape k = fixed.operand(1).shape();
        boolean slot = fixed.operands().size() > (op.causal() ? 4 : 3);
        KernelSource source = KernelSource.of("attention")
                .with("SEEN(place, context)", op.causal() ? "(position[place] + 1)" : "(context)")
                .with("SLOT_OF(sequence)", slot ? "slot[sequence]" : "(sequence)");
        source = op.causal() ? source.with("CAUSAL", 1) : source;
        source = slot ? source.with("SLOT", 1) : source;
        return List.of(Launch.groups(source, q.size(0) * q.size(1) * q.size(2), NormalizeRules.arrays(shape), q.size(1),
                q.size(2), q.size(3), k.size(1), k.size(2), Float.floatToRawIntBits((float) op.scale())));
    }
}
