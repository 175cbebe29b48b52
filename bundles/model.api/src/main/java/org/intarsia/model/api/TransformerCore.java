package org.intarsia.model.api;

import java.util.List;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.osgi.annotation.versioning.ConsumerType;

/** Tokens → logits: a decoder-only transformer. Safe for use by several threads. */
@ConsumerType
public interface TransformerCore {

    /**
     * The sizes that others must know.
     *
     * @param vocabulary  number of ids in streams
     * @param context     most tokens of one stream
     * @param layers      number of layers, each with keys and values to keep
     * @param keyHeads    heads of keys and values
     * @param headDim     size of one head
     * @param hidden      size of the residual stream
     */
    record Geometry(int vocabulary, int context, int layers, int keyHeads, int headDim, int hidden) {
    }

    Geometry geometry();

    /** What is scored: words, or a picture's codes. Most families score both alike. */
    enum Head {
        TEXT, PICTURE
    }

    /** How streams are written. */
    PromptFormat format();

    /** What tokens begin as: ids I32 (any…) → F32 (any…, hidden). */
    Node embed(GraphBuilder graph, Node ids);

    /**
     * The residual stream behind the last norm, for a batch of sequences. It names its intermediate values in the
     * builder: {@code hidden.embed}, {@code hidden.layer.0} and so on, {@code hidden.final_norm}; of the first layer
     * {@code layer0.q_proj} and the like; and where positions turn queries and keys, {@code rope.inv_freq}, and
     * {@code rope.cos} and {@code rope.sin} (sequences, length, headDim).
     *
     * @param embedded F32 (sequences, length, hidden), of {@link #embed} or of a {@link VisionTower}
     * @param position I32 (sequences, length): the place of each token in its sequence, from 0, which is its position on all
     *                 {@link #axes}, as in a stream without pictures
     * @param cache    what keeps keys and values of earlier tokens
     * @return F32 (sequences, length, hidden)
     */
    Node hidden(GraphBuilder graph, Node embedded, Node position, KeyValueCache cache);

    /**
     * How many positions a token has, by each of which a part of its queries and keys is turned: 1, which is its place, or 3 in
     * M-RoPE (Wang et al., "Qwen2-VL", 2024): time, row and column, as {@link TokenRow#position} has them.
     */
    default int axes() {
        return 1;
    }

    /**
     * As {@link #hidden(GraphBuilder, Node, Node, KeyValueCache)}, with the positions of tokens apart from their places.
     *
     * @param place     I32 (sequences, length): the place of each token in its sequence, from 0, at which its keys and values are
     *                  kept, and up to which it sees others
     * @param positions {@link #axes} nodes I32 (sequences, length); not looked at where a token's only position is its place
     */
    default Node hidden(GraphBuilder graph, Node embedded, Node place, List<Node> positions, KeyValueCache cache) {
        return hidden(graph, embedded, place, cache);
    }

    /**
     * The scores of tokens: hidden (rows…, hidden) → F32 (rows…, scores), where score i belongs to the id {@link #firstId}
     * + i. Callers hand in only the rows that they need.
     */
    Node logits(GraphBuilder graph, Node hidden, Head head);

    /** The id that the first score of a head belongs to. */
    default int firstId(Head head) {
        return 0;
    }

    /** Whether both heads are one: then either gives the scores of all tokens. */
    default boolean hasOneHead() {
        return true;
    }

    /** How the reference calls the logits in a trace: {@code logits_raw} or {@code logits}. */
    String logitsName();
}
