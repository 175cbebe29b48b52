package org.intarsia.backend.gpu.plan;

import java.util.List;
import java.util.Map;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.CrossEntropy;
import org.intarsia.graph.op.Index;

/** Ops that address rows by number, and losses, whose targets are numbers. */
final class IndexRules {
    private IndexRules() {
    }

    static void register(Map<String, Rule> rules, Parts parts) {
        rules.put("gather", (shape, fixed) -> gather(shape, fixed, parts));
        rules.put("scatterAdd", IndexRules::scatterAdd);
        rules.put("stateAppend", IndexRules::stateAppend);
        rules.put("nearestCode", IndexRules::nearestCode);
        rules.put("crossEntropy", (shape, fixed) -> List.of(loss("crossEntropy", shape, fixed,
                ((CrossEntropy) fixed.op()).zLoss())));
        rules.put("crossEntropyGradient", (shape, fixed) -> List.of(loss("crossEntropyGradient", shape, fixed,
                ((CrossEntropy.Gradient) fixed.op()).zLoss())));
    }

    private static List<Launch> gather(Node shape, Node fixed, Parts parts) {
        TensorType table = shape.operand(0).type();
        KernelSource source = Encodings.reading(KernelSource.of("gather"), table.encoding())
                .with("RESULT", Encodings.type(fixed.encoding()));
        Shape now = fixed.operand(0).shape();
        return parts.of(table, now.size(0)).stream().map(part -> {
            Launch launch = Launch.each(source, fixed.shape().elements(), NormalizeRules.arrays(shape),
                    now.drop(1).elements(), now.size(0), part.first(), part.count());
            return part.count() == now.size(0) ? launch
                    : launch.within(0, part.first() * Parts.rowBytes(table), part.count() * Parts.rowBytes(table));
        }).toList();
    }

    private static List<Launch> scatterAdd(Node shape, Node fixed) {
        long rows = ((Index.ScatterAdd) fixed.op()).rows();
        long width = fixed.shape().drop(1).elements();
        return List.of(LeafRules.fill(shape, fixed, 0),
                Launch.each(KernelSource.of("scatterAdd"), width, List.of(shape.operand(0), shape.operand(1), shape),
                        fixed.operand(0).shape().elements(), rows));
    }

    private static List<Launch> stateAppend(Node shape, Node fixed) {
        Shape values = fixed.operand(1).shape();
        return List.of(Launch.each(Encodings.storing(KernelSource.of("stateAppend"), fixed.encoding(), "(x)"), values.elements(),
                List.of(shape.operand(1), shape.operand(2), shape.operand(3), shape), values.size(1),
                values.drop(2).elements(), fixed.shape().size(1)));
    }

    private static List<Launch> nearestCode(Node shape, Node fixed) {
        Shape codebook = fixed.operand(1).shape();
        return List.of(Launch.groups(KernelSource.of("nearestCode"), fixed.shape().elements(),
                List.of(shape.operand(0), shape.operand(1), shape), codebook.size(1), codebook.size(0)));
    }

    private static Launch loss(String kernel, Node shape, Node fixed, double zLoss) {
        Shape logits = fixed.operand(0).shape();
        return Launch.groups(KernelSource.of(kernel), logits.size(0), NormalizeRules.arrays(shape), logits.size(1),
                Float.floatToRawIntBits((float) zLoss));
    }
}
