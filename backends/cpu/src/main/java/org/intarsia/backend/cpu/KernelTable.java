package org.intarsia.backend.cpu;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.intarsia.backend.cpu.attention.SequenceSteps;
import org.intarsia.backend.cpu.product.ProductSteps;
import org.intarsia.backend.cpu.step.FusedStep;
import org.intarsia.backend.cpu.step.IndexSteps;
import org.intarsia.backend.cpu.step.LossSteps;
import org.intarsia.backend.cpu.step.MoveSteps;
import org.intarsia.backend.cpu.step.NormalizeSteps;
import org.intarsia.backend.cpu.step.ReduceSteps;
import org.intarsia.backend.cpu.step.Step;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Fusion;
import org.intarsia.graph.Node;
import org.intarsia.graph.op.Cast;
import org.intarsia.graph.op.Index;
import org.intarsia.graph.op.Leaf;
import org.intarsia.graph.op.MatMul;

/**
 * The steps that this backend has, by the kind of op.
 *
 * <p>To add an op: write a {@link Step.Factory} in the file of its family, or in a new one, and put it into the table
 * there. An op that is not in the table is decomposed; an op that works element by element belongs into
 * {@link org.intarsia.graph.op.Fused}.
 */
final class KernelTable {
    private static final Map<String, Step.Factory> TABLE = new HashMap<>();

    static {
        MoveSteps.register(TABLE);
        ReduceSteps.register(TABLE);
        IndexSteps.register(TABLE);
        ProductSteps.register(TABLE);
        NormalizeSteps.register(TABLE);
        LossSteps.register(TABLE);
        SequenceSteps.register(TABLE);
        TABLE.put("fused", FusedStep::new);
    }

    private KernelTable() {
    }

    static Optional<Step.Factory> find(Node node) {
        return Optional.ofNullable(TABLE.get(node.op().kind()));
    }

    /** Whether the node runs as it is; otherwise it is decomposed, if it can be. */
    static boolean isNative(Node node) {
        if (node.op() instanceof Leaf || node.op().alias() >= 0 && !node.op().writesState()) {
            return true;
        }
        if (node.operands().stream().anyMatch(operand -> operand.encoding().isBlockQuantised())
                || node.encoding().isBlockQuantised()) {
            return readsBlocks(node);
        }
        if (node.op().kind().equals("layerNorm")) {
            return NormalizeSteps.hasRowsOfWeights(node);
        }
        return Fusion.isElementwise(node) || find(node).isPresent();
    }

    /** Blocks are read as rows of a table, in a linear layer or its gradient, or decoded; nothing is computed into them. */
    private static boolean readsBlocks(Node node) {
        return switch (node.op()) {
            case Index.Gather gather -> true;
            case MatMul product -> true;
            case Cast cast -> cast.encoding() == Encoding.F32;
            default -> false;
        };
    }
}
