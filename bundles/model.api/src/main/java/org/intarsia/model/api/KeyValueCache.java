package org.intarsia.model.api;

import java.util.List;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Attention;
import org.intarsia.graph.op.PagedAttention;
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
            List<Node> written = write(graph, layer, List.of(k, v), Shape.of(rows, context), Encoding.F32, position, slot);
            return graph.add(attention, q, written.get(0), written.get(1), position, slot);
        };
    }

    /**
     * A cache in blocks of places (Kwon et al., 2023), in two states a layer, named as in {@link #states}, each (blocks, size,
     * keyHeads, headDim). Every sequence is a single token, so sequences are tokens of any requests, side by side.
     *
     * @param block    I32 (tokens): the block that takes each token's key and value
     * @param offset   I32 (tokens, 1): the place in that block
     * @param row      I32 (tokens): the row of the table that belongs to each token
     * @param table    I32 (rows, most): the blocks of each row, as {@link PagedAttention} reads them
     * @param size     places of a block
     * @param encoding how keys and values are kept: F32, F16 or BF16
     */
    static KeyValueCache paged(Node block, Node offset, Node row, Node table, long blocks, long size, Encoding encoding) {
        return (graph, layer, q, k, v, position, attention) -> {
            List<Node> written = write(graph, layer, List.of(k, v), Shape.of(blocks, size), encoding, offset, block);
            Shape tokens = Shape.of(q.shape().dim(0));
            Node mixed = graph.add(new PagedAttention(attention.scale(), attention.window(), attention.softCap()),
                    graph.reshape(q, tokens.concat(q.shape().drop(2))), written.get(0), written.get(1),
                    graph.reshape(position, tokens), row, table);
            return graph.reshape(mixed, q.shape());
        };
    }

    /** Returns the layer whose keys or values a state of this name has, counted from 0. */
    static int layer(String state) {
        return Integer.parseInt(state.substring(state.indexOf('.') + 1, state.lastIndexOf('.')));
    }

    private static List<Node> write(GraphBuilder graph, int layer, List<Node> keysAndValues, Shape places, Encoding encoding,
            Node position, Node slot) {
        TensorType type = new TensorType(places.concat(keysAndValues.getFirst().shape().drop(2)), encoding);
        return List.of(
                graph.stateAppend(graph.state("cache." + layer + ".keys", type), keysAndValues.get(0), position, slot),
                graph.stateAppend(graph.state("cache." + layer + ".values", type), keysAndValues.get(1), position, slot));
    }
}
