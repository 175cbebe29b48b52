package org.intarsia.model.api;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.osgi.annotation.versioning.ConsumerType;

/** Tokens → logits: a decoder-only transformer. Safe for use by several threads. */
@ConsumerType
public interface TransformerCore {

    /**
     * The sizes that others must know.
     *
     * @param vocabulary  number of logits
     * @param context     most tokens of one stream
     * @param layers      number of layers, each with keys and values to keep
     * @param keyHeads    heads of keys and values
     * @param headDim     size of one head
     * @param hidden      size of the residual stream
     */
    record Geometry(int vocabulary, int context, int layers, int keyHeads, int headDim, int hidden) {
    }

    Geometry geometry();

    /** The tokens that open and close streams and pictures. */
    StreamTokens tokens();

    /**
     * The residual stream behind the last norm, for a batch of sequences. It names its intermediate values in the
     * builder: {@code hidden.embed}, {@code hidden.layer.0} and so on, {@code hidden.final_norm}.
     *
     * @param ids      I32 (sequences, length)
     * @param position I32 (sequences, length): the place of each token in its sequence, from 0
     * @param cache    what keeps keys and values of earlier tokens
     * @return F32 (sequences, length, hidden)
     */
    Node hidden(GraphBuilder graph, Node ids, Node position, KeyValueCache cache);

    /**
     * The scores of all tokens: hidden (rows…, hidden) → F32 (rows…, vocabulary). Callers hand in only the rows that they
     * need.
     */
    Node logits(GraphBuilder graph, Node hidden);

    /** How the reference calls the logits in a trace: {@code logits_raw} or {@code logits}. */
    String logitsName();
}
