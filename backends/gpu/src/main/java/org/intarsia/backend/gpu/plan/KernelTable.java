package org.intarsia.backend.gpu.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.intarsia.backend.gpu.Driver;
import org.intarsia.graph.Fusion;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Cast;
import org.intarsia.graph.op.Index;
import org.intarsia.graph.op.Leaf;
import org.intarsia.graph.op.MatMul;

/**
 * Which kernels an op has on a device, by its kind.
 *
 * <p>To add an op: write its kernel into {@code kernels/}, and a {@link Rule} in the file of its family here. An op that is
 * not in the table is decomposed.
 */
final class KernelTable {
    /** The largest head that the attention kernel holds. */
    private static final long LARGEST_HEAD = 512;

    private final Map<String, Rule> rules = new HashMap<>();
    private final Parts parts;

    /** Kernels for what a driver's device can do. */
    KernelTable(Driver driver) {
        parts = new Parts(driver.largestBinding(), driver.alignment());
        LeafRules.register(rules);
        MoveRules.register(rules);
        ReduceRules.register(rules);
        IndexRules.register(rules, parts);
        ProductRules.register(rules, driver.cooperativeMatrix(), parts);
        NormalizeRules.register(rules);
        SequenceRules.register(rules);
        AttentionRules.register(rules);
        rules.put("fused", FusedRule::launches);
    }

    /** Whether the node runs as it is; otherwise it is decomposed, if it can be. */
    boolean isNative(Node node) {
        if (node.encoding().isBlockQuantised() || node.operands().stream().anyMatch(in -> in.encoding().isBlockQuantised())) {
            return readsBlocks(node);
        }
        return switch (node.op().kind()) {
            case "input", "parameter", "state", "reshape" -> true;
            case "layerNorm" -> isTail(node.operand(1).shape(), node.shape());
            case "attention", "boundedAttention", "pagedAttention" -> node.shape().size(-1) <= LARGEST_HEAD;
            default -> Fusion.isElementwise(node) || rules.containsKey(node.op().kind());
        };
    }

    /** Why the node's arrays are too large for a kernel, as a clause; empty when they are not. */
    Optional<String> refusal(Node node) {
        if (node.op() instanceof Leaf.Named || node.op().alias() >= 0 && !node.op().writesState()) {
            return Optional.empty();
        }
        List<Node> arrays = NormalizeRules.arrays(node);
        return IntStream.range(0, arrays.size())
                .filter(array -> !parts.isWhole(arrays.get(array).type()) && !isCut(node, array)).mapToObj(arrays::get)
                .map(array -> node.op().kind() + " on " + node.operandTypes() + " to " + node.type() + " has an array of "
                        + array.type().bytes() + " bytes, of which kernels of this device see " + parts.largest() + " at most")
                .findFirst();
    }

    /** Whether a kernel reads this array part by part where it is too large. */
    private boolean isCut(Node node, int array) {
        boolean cut = node.op() instanceof Index.Gather ? array == 0 : array == 1 && ProductRules.isCuttable(node);
        return cut && parts.divides(node.operand(array).type());
    }

    /** Blocks are read by products, as tables, and decoded; nothing is computed into them. */
    private static boolean readsBlocks(Node node) {
        return node.op() instanceof Leaf.Named || !node.encoding().isBlockQuantised()
                && (node.op() instanceof MatMul || node.op() instanceof Index.Gather || node.op() instanceof Cast);
    }

    /** The kernels of a node; none for what has its values from outside, or from its operand. */
    List<Launch> launches(Node shape, Node fixed) {
        Rule rule = rules.get(shape.op().kind());
        boolean given = shape.op() instanceof Leaf.Named || shape.op().alias() >= 0 && !shape.op().writesState();
        return rule == null || given ? List.of() : rule.launches(shape, fixed);
    }

    /** Whether {@code narrow}, without leading ones, is the end of {@code wide}. */
    static boolean isTail(Shape narrow, Shape wide) {
        int leading = 0;
        while (leading < narrow.rank() && narrow.dim(leading).isFixed() && narrow.size(leading) == 1) {
            leading++;
        }
        int rank = narrow.rank() - leading;
        return rank <= wide.rank() && narrow.drop(leading).equals(wide.drop(wide.rank() - rank));
    }
}
