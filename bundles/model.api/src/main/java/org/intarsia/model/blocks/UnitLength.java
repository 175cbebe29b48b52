package org.intarsia.model.blocks;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;

/** Vectors scaled to the length 1, so that the nearest is the one that points most nearly the same way. */
public final class UnitLength {
    /** Keeps a vector of zeros from being divided by zero. */
    private static final double SHORTEST = 1e-12;

    private UnitLength() {
    }

    /** Each row: x (…, n) → the same shape. */
    public static Node of(GraphBuilder graph, Node x) {
        Node length = graph.sqrt(graph.sum(graph.mul(x, x), -1));                             // (…, 1)
        return graph.div(x, graph.max(length, graph.scalar(SHORTEST)));
    }
}
