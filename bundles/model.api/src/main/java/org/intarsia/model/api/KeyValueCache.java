package org.intarsia.model.api;

import java.util.List;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Attention;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where attention takes its keys and values from: the tokens at hand, or a cache of earlier ones and these. Transformers
 * call it; the engine, training and planning provide it.
 */
@ProviderType
public interface KeyValueCache {

    /**
     * Attention of one layer.
     *
     * @param layer     counted from 0
     * @param q         (sequences, length, heads, headDim)
     * @param k         (sequences, length, keyHeads, headDim), and v likewise
     * @param position  I32 (sequences, length)
     * @param attention the op, with positions: scale, window and cap differ from layer to layer in some families
     * @return (sequences, length, heads, headDim)
     */
    Node attend(GraphBuilder graph, int layer, Node q, Node k, Node v, Node position, Attention attention);

    /** Attention to all earlier tokens, with a factor on the products. */
    default Node attend(GraphBuilder graph, int layer, Node q, Node k, Node v, Node position, double scale) {
        return attend(graph, layer, q, k, v, position, new Attention(scale, true));
    }

    /** No cache: each sequence is given whole, from position 0. For training and for comparison. */
    static KeyValueCache none() {
        return (graph, layer, q, k, v, position, attention) -> graph.add(attention, q, k, v, position);
    }

    /**
     * A cache in two states a layer, {@code cache.LAYER.keys} and {@code cache.LAYER.values}, each (rows, context,
     * keyHeads, headDim) in F32. A layer with a window keeps the keys in front of it, too.
     *
     * @param slot I32 (sequences): the row of the cache that belongs to each sequence
     */
    static KeyValueCache states(Node slot, long rows, long context) {
        return (graph, layer, q, k, v, position, attention) -> {
            Shape tail = k.shape().drop(2);
            TensorType type = TensorType.f32(Shape.of(rows, context).concat(tail));
            List<Node> written = List.of(
                    graph.stateAppend(graph.state("cache." + layer + ".keys", type), k, position, slot),
                    graph.stateAppend(graph.state("cache." + layer + ".values", type), v, position, slot));
            return graph.add(attention, q, written.get(0), written.get(1), position, slot);
        };
    }
}
