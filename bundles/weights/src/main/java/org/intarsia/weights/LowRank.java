package org.intarsia.weights;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;

/**
 * A low-rank adapter of one linear layer (Hu et al., "LoRA: Low-rank adaptation of large language models", 2021): beside the
 * layer's own product x·Wᵀ it adds scale · (x·Aᵀ)·Bᵀ. The layer's weight stays as it is stored, so it may be quantised.
 *
 * @param a     (rank, in)
 * @param b     (out, rank)
 * @param scale factor on the product
 */
public record LowRank(Tensor a, Tensor b, double scale) {

    public LowRank {
        if (a.shape().rank() != 2 || b.shape().rank() != 2 || a.shape().size(0) != b.shape().size(1)) {
            throw new WeightsException("the tensors '" + a.name() + "' " + a.shape() + " and '" + b.name() + "' " + b.shape()
                    + " are no low-rank pair, which is (rank, in) and (out, rank)");
        }
    }

    /** The rank of the change. */
    public long rank() {
        return a.shape().size(0);
    }

    /** The size of what goes into the layer. */
    public long in() {
        return a.shape().size(1);
    }

    /** The size of what comes out. */
    public long out() {
        return b.shape().size(0);
    }

    /** The same pair with its scale multiplied. */
    public LowRank times(double factor) {
        return new LowRank(a, b, scale * factor);
    }

    /** The part that is added to the layer's product: x (…, in) → (…, out). */
    Node product(GraphBuilder graph, Node x) {
        Node inner = graph.linear(x, graph.parameter(a.name(), a.type()));                    // (…, rank)
        return graph.linear(graph.mul(inner, graph.scalar(scale)), graph.parameter(b.name(), b.type()));
    }
}
