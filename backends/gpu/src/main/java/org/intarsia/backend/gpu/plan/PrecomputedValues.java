package org.intarsia.backend.gpu.plan;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Node;
import org.intarsia.graph.op.Leaf;

/**
 * Which values come out the same in every run, since nothing that they come from changes: stored weights of norms as F32, say.
 * They are computed when a plan is made, and kept, so that a run has fewer kernels.
 */
final class PrecomputedValues {
    /** What is larger is computed anew each time: to keep it would cost as much memory as the weights. */
    private static final long MOST_BYTES = 1 << 20;

    private PrecomputedValues() {
    }

    /** The nodes that are computed once. */
    static Set<Node> of(Graph graph, Map<String, GpuBuffer> bound) {
        Set<Node> precomputed = new HashSet<>();
        for (Node node : graph.nodes()) {
            boolean small = node.shape().isFixed() && node.type().bytes() <= MOST_BYTES;
            if (small && !(node.op() instanceof Leaf.Named) && !node.op().writesState()
                    && node.operands().stream().allMatch(operand -> precomputed.contains(operand) || isRead(operand, bound))) {
                precomputed.add(node);
            }
        }
        return precomputed;
    }

    /** Whether it is a weight that nobody writes. */
    private static boolean isRead(Node node, Map<String, GpuBuffer> bound) {
        return node.op() instanceof Leaf.Parameter parameter && bound.get(parameter.leafName()).isReadOnly();
    }
}
