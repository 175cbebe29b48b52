package org.intarsia.engine.scheduler;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Index;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;

/**
 * What one step computes: tokens of any streams side by side, each a sequence of one token, and the scores behind some of them. How
 * many tokens, and how many are scored, are named sizes, so one graph does for single tokens, for prompts, and for both at once.
 *
 * @param tokens   the most of a step
 * @param scored   the most tokens that are scored
 * @param blocks   of the cache
 * @param size     places of a block
 * @param encoding of the cache
 * @param boundaries the layers behind which it is cut
 */
record StepGraph(TransformerCore core, int tokens, int scored, int blocks, int size, Encoding encoding, List<Integer> boundaries) {
    static final String TOKENS = "tokens";
    static final String SCORED = "scored";
    static final String IDS = "ids";
    static final String PLACE = "place";
    /** In front of the number of an axis; only where tokens have several positions. */
    static final String POSITION = "position.";
    static final String BLOCK = "block";
    static final String OFFSET = "offset";
    static final String ROW = "row";
    static final String TABLE = "table";
    static final String LAST = "last";
    static final String FEATURES = "features";
    static final String GIVEN = "given";
    /** In front of the number of a layer: what {@link TransformerCore#hidden} calls the residual stream behind it. */
    private static final String LAYER = "hidden.layer.";

    /**
     * What a graph is for.
     *
     * @param features whether some tokens are given as features
     * @param heads    what is scored
     */
    record Variant(boolean features, Set<Head> heads) {
    }

    /** The blocks that a row of the table has room for: those of the longest stream. */
    int tableWidth() {
        return Math.ceilDiv(core.geometry().context(), size);
    }

    /** The positions of a token apart from its place; 0 where its place is its position. */
    int axes() {
        return core.axes() == 1 ? 0 : core.axes();
    }

    /** What is scored by the only head where a model has one: it needs no second plan for the other. */
    Head head(Head asked) {
        return core.hasOneHead() ? Head.TEXT : asked;
    }

    Graph build(Variant variant) {
        GraphBuilder graph = new GraphBuilder();
        Dim count = Dim.named(TOKENS, tokens);
        Shape each = Shape.of(count);
        Shape alone = Shape.of(count, Dim.fixed(1));
        Node ids = graph.input(IDS, TensorType.i32(alone));
        Node embedded = core.embed(graph, ids);
        if (variant.features()) {
            Node given = graph.input(GIVEN, TensorType.i32(alone.concat(Shape.of(1))));
            embedded = graph.select(given, graph.input(FEATURES, TensorType.f32(embedded.shape())), embedded);
        }
        KeyValueCache cache = KeyValueCache.paged(graph.input(BLOCK, TensorType.i32(each)), graph.input(OFFSET, TensorType.i32(alone)),
                graph.input(ROW, TensorType.i32(each)), graph.input(TABLE, TensorType.i32(tokens, tableWidth())), blocks, size, encoding);
        Node place = graph.input(PLACE, TensorType.i32(alone));
        List<Node> positions = axes() == 0 ? List.of(place)
                : IntStream.range(0, axes()).mapToObj(axis -> graph.input(POSITION + axis, TensorType.i32(alone))).toList();
        Node hidden = core.hidden(graph, embedded, place, positions, cache);
        Node all = graph.reshape(hidden, Shape.of(count, hidden.shape().dim(-1)));
        Node wanted = graph.gather(all, graph.input(LAST, TensorType.i32(Shape.of(Dim.named(SCORED, scored)))));
        Map<String, Node> outputs = new HashMap<>();
        variant.heads().forEach(head -> outputs.put(head.name(), core.logits(graph, wanted, head)));
        for (int layer : boundaries) {
            Node behind = graph.named().get(LAYER + layer);
            if (behind == null) {
                throw new ModelException("the family of this model does not name what is behind its layers, so that they cannot be divided"
                        + " among hosts");
            }
            outputs.put(StagedCompiler.boundary(layer), behind);
        }
        return graph.build(outputs);
    }

    /** The plan that most steps need. */
    Variant usual() {
        boolean makesPictures = core.format().tokens().pictureIds().length > 0;
        return new Variant(false, EnumSet.of(head(makesPictures ? Head.PICTURE : Head.TEXT)));
    }

    /** Bytes of weights that a step reads whole. */
    static long weightBytes(Graph graph) {
        Set<Node> whole = new HashSet<>();
        for (Node node : graph.nodes()) {
            // Of the first operand a gather reads some rows alone.
            int first = node.op() instanceof Index.Gather ? 1 : 0;
            whole.addAll(node.operands().subList(first, node.operands().size()));
        }
        return whole.stream().filter(node -> node.op() instanceof Leaf.Parameter)
                .mapToLong(node -> node.type().bytes()).sum();
    }
}
