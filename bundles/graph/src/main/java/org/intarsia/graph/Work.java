package org.intarsia.graph;

import org.intarsia.graph.op.MatMul;

/** How much a graph computes, to compare the time of a run with what a device could do in it. */
public final class Work {
    private Work() {
    }

    /**
     * The float operations of all matrix products in the graph's decomposition into core ops, where a multiply-add counts
     * as two. That takes in convolutions and attention, forward and backward, whichever ops a backend runs by itself; what
     * works element by element is left out, as is usual.
     *
     * <p>Every element counts that the definition of an op multiplies: zeros of padding, and masked places of attention,
     * too. A kernel that skips them does the same work in less time.
     *
     * @param graph with fixed sizes
     * @throws GraphException when a named size is not bound, see {@link Graph#bind}
     */
    public static double floatOperations(Graph graph) {
        return Lowering.toCore(graph).nodes().stream().filter(node -> node.op() instanceof MatMul)
                .mapToDouble(product -> {
                    MatMul op = (MatMul) product.op();
                    return 2.0 * product.shape().elements() * product.operand(0).shape().size(op.transposeA() ? -2 : -1);
                }).sum();
    }
}
