package org.intarsia.engine.trace;

import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Attention;
import org.intarsia.model.api.KeyValueCache;

/**
 * No cache, and of the first layer also how much attention each place pays to each: {@code layer0.attn_probs} (sequences,
 * heads, length, length). The op that generation uses gives them: over values that are the rows of the identity matrix,
 * it mixes nothing but its own probabilities.
 */
final class AttentionTrace implements KeyValueCache {
    /** They grow with the square of the length; more than 1 GiB of them are left out. */
    private static final long MOST = 1 << 28;

    @Override
    public Node attend(GraphBuilder graph, int layer, Node q, Node k, Node v, Node position, Attention attention) {
        long length = k.shape().size(1);
        if (layer == 0 && q.shape().elements() / q.shape().size(3) * length <= MOST) {
            graph.name("layer0.attn_probs", probabilities(graph, q, k, position, attention));
        }
        return KeyValueCache.none().attend(graph, layer, q, k, v, position, attention);
    }

    /** Values are as wide as a head, so that each run of the op shows that many columns. */
    private static Node probabilities(GraphBuilder graph, Node q, Node k, Node position, Attention attention) {
        int length = Math.toIntExact(k.shape().size(1));
        int width = Math.toIntExact(k.shape().size(3));
        TensorType type = TensorType.i32(k.shape());
        Node place = graph.iota(type, 1);
        Node column = graph.iota(type, 3);
        Node[] columns = new Node[Math.ceilDiv(length, width)];
        for (int i = 0; i < columns.length; i++) {
            Node first = graph.constant(TensorType.i32(Shape.SCALAR), i * width);
            Node identity = graph.cast(graph.equal(place, graph.add(column, first)), Encoding.F32);
            columns[i] = graph.add(attention, q, k, identity, position);
        }
        return graph.permute(graph.slice(graph.concat(3, columns), 3, 0, length), 0, 2, 1, 3);
    }
}
