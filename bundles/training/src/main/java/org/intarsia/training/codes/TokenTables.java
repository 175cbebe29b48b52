package org.intarsia.training.codes;

import java.util.Map;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.TransformerCore;

/** The tables of a transformer in training: what tokens enter as, and how far the scores of the next token are off. */
public interface TokenTables {

    /** The vectors of tokens: F32 (rows, length, hidden). */
    Node embed(GraphBuilder g, int rows, int length);

    /**
     * The loss of each token.
     *
     * @param hidden what the transformer makes of the tokens: (places, hidden)
     * @param zLoss  weight of the squared log-normaliser
     * @return F32 (places)
     */
    Node losses(GraphBuilder g, Node hidden, double zLoss);

    /**
     * The inputs, by name, of what {@link #embed} and {@link #losses} have put into a graph; all are I32.
     *
     * @param ids    of all rows
     * @param target the token that follows each
     */
    Map<String, int[]> inputs(int[] ids, int[] target);

    /** The tables as the model has them, one row for each token. */
    static TokenTables plain(TransformerCore core) {
        return new TokenTables() {
            @Override
            public Node embed(GraphBuilder g, int rows, int length) {
                return core.embed(g, g.input("ids", TensorType.i32(rows, length)));
            }

            @Override
            public Node losses(GraphBuilder g, Node hidden, double zLoss) {
                Node target = g.input("target", TensorType.i32(Shape.of(hidden.shape().dim(0))));
                return g.crossEntropy(core.logits(g, hidden, TransformerCore.Head.TEXT), target, zLoss);
            }

            @Override
            public Map<String, int[]> inputs(int[] ids, int[] target) {
                return Map.of("ids", ids, "target", target);
            }
        };
    }
}
