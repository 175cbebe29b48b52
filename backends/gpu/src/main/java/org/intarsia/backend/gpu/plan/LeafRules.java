package org.intarsia.backend.gpu.plan;

import java.util.List;
import java.util.Map;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Node;
import org.intarsia.graph.op.Leaf;

/** Values that come from nowhere. */
final class LeafRules {
    private LeafRules() {
    }

    static void register(Map<String, Rule> rules) {
        rules.put("constant", LeafRules::constant);
        rules.put("iota", LeafRules::iota);
        rules.put("random", (shape, fixed) -> List.of(Launch.each(KernelSource.of("random"), fixed.shape().elements(),
                List.of(shape.operand(0), shape))));
    }

    /** A constant of one value; those of several are written when the plan is made. */
    private static List<Launch> constant(Node shape, Node fixed) {
        Leaf.Constant constant = (Leaf.Constant) fixed.op();
        return constant.isSplat() ? List.of(fill(shape, fixed, constant.at(0))) : List.of();
    }

    /** The same value everywhere. */
    static Launch fill(Node shape, Node fixed, double value) {
        long bits = fixed.encoding().bits(value);
        return Launch.each(Encodings.moving(KernelSource.of("fill"), fixed.encoding()), fixed.shape().elements(),
                List.of(shape), (int) bits, (int) (bits >>> 32));
    }

    private static List<Launch> iota(Node shape, Node fixed) {
        int axis = ((Leaf.Iota) fixed.op()).axis();
        boolean integer = fixed.encoding() == Encoding.I32;
        KernelSource source = KernelSource.of("iota").with("RESULT", Encodings.type(fixed.encoding()))
                .with("CONVERT(x)", integer ? "(x)" : "FLOAT(x)");
        return List.of(Launch.each(source, fixed.shape().elements(), List.of(shape), fixed.shape().strides()[axis],
                fixed.shape().size(axis)));
    }
}
