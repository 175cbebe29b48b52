package org.intarsia.model.api;

import java.util.List;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** Where attention takes its keys and values from: the tokens at hand, or a cache of earlier ones and these. */
public interface KeyValueCache {

    /**
     * Attention of one layer.
     *
     * @param layer    counted from 0
     * @param q        (sequences, length, heads, headDim)
     * @param k        (sequences, length, keyHeads, headDim), and v likewise
     * @param position I32 (sequences, length)
     * @param scale    factor on the products
     * @return (sequences, length, heads, headDim)
     */
    Node attend(GraphBuilder graph, int layer, Node q, Node k, Node v, Node position, double scale);

    /** No cache: each sequence is given whole, from position 0. For training and for comparison. */
    static KeyValueCache none() {
        return (graph, layer, q, k, v, position, scale) -> graph.causalAttention(q, k, v, position, scale);
    }

    /**
     * A cache in two states a layer, {@code cache.LAYER.keys} and {@code cache.LAYER.values}, each (rows, context,
     * keyHeads, headDim) in F32.
     *
     * @param slot I32 (sequences): the row of the cache that belongs to each sequence
     */
    static KeyValueCache states(Node slot, long rows, long context) {
        return (graph, layer, q, k, v, position, scale) -> {
            Shape tail = k.shape().drop(2);
            TensorType type = TensorType.f32(Shape.of(rows, context).concat(tail));
            List<Node> written = List.of(
                    graph.stateAppend(graph.state("cache." + layer + ".keys", type), k, position, slot),
                    graph.stateAppend(graph.state("cache." + layer + ".values", type), v, position, slot));
            return graph.causalAttention(q, written.get(0), written.get(1), position, slot, scale);
        };
    }
}
