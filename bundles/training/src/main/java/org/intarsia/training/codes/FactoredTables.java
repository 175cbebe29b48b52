package org.intarsia.training.codes;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * The tables of a transformer as sums, see {@link FactorTable}. The scores of all codes are never written out: since the score
 * of a code is the sum of that of its outline and that of its colour, the cross-entropy of a code is that of "a thing" among
 * the words and backgrounds, plus that of its outline among outlines, plus that of its colour among colours. What comes out
 * equals the cross-entropy over the whole vocabulary, at a seventh of the products. Immutable.
 */
public final class FactoredTables implements TokenTables {
    /** The prefix of the names of the embedding tables. */
    public static final String EMBEDDING = "model.embed_tokens";
    /** The prefix of the names of the tables that give the scores. */
    public static final String HEAD = "lm_head";

    private final PieceCodes codes;
    private final int vocabulary;
    private final int before;
    private final int width;
    private final FactorTable embedding;
    private final FactorTable head;

    /**
     * @param vocabulary of the transformer, words and codes; the ids of the codes stand in one run
     * @param before     ids of words in front of those of codes
     * @param width      of the transformer
     */
    public FactoredTables(PieceCodes codes, int vocabulary, int before, int width) {
        this.codes = codes;
        this.vocabulary = vocabulary;
        this.before = before;
        this.width = width;
        this.embedding = new FactorTable(EMBEDDING, codes, width);
        this.head = new FactorTable(HEAD, codes, width);
    }

    private int words() {
        return vocabulary - codes.size();
    }

    private static String text(String table) {
        return table + ".text";
    }

    /** Adds all small tables to weights that are being made. */
    public void expect(FreshWeights fresh) {
        for (String table : List.of(EMBEDDING, HEAD)) {
            fresh.expect(text(table), Shape.of(words(), width));
        }
        embedding.expect(fresh);
        head.expect(fresh);
    }

    private boolean isCode(int id) {
        return id >= before && id < before + codes.size();
    }

    /** The row of a word in the tables of words. */
    private int word(int id) {
        return id < before ? id : id - codes.size();
    }

    @Override
    public Node embed(GraphBuilder g, int rows, int length) {
        TensorType ids = TensorType.i32(rows, length);
        return g.add(g.gather(orNothing(g, textTable(g, EMBEDDING)), g.input("words", ids)), embedding.sum(g, this::orNothing,
                g.input("kinds", ids), g.input("pieces", ids), g.input("colours", ids)));
    }

    /** A table with a last row of zeros. */
    private Node orNothing(GraphBuilder g, Node table) {
        return g.pad(table, List.of(0L, 0L), List.of(1L, 0L), List.of(0L, 0L));
    }

    private Node textTable(GraphBuilder g, String table) {
        return g.parameter(text(table), TensorType.f32(words(), width));
    }

    @Override
    public Node losses(GraphBuilder g, Node hidden, double zLoss) {
        Shape places = Shape.of(hidden.shape().dim(0));
        Node outlines = g.linear(hidden, head.outlines(g));
        Node colours = g.linear(hidden, head.colours(g));
        Node thing = g.add(normaliser(g, outlines), normaliser(g, colours));
        Node all = g.concat(1, g.linear(hidden, textTable(g, HEAD)), g.linear(hidden, head.grounds(g)), thing);
        Node ofThing = g.add(
                g.crossEntropy(outlines, g.input("targetOutline", TensorType.i32(places)), 0),
                g.crossEntropy(colours, g.input("targetColour", TensorType.i32(places)), 0));
        return g.add(g.crossEntropy(all, g.input("target", TensorType.i32(places)), zLoss),
                g.mul(ofThing, g.cast(g.input("isThing", TensorType.i32(places)), Encoding.F32)));
    }

    /** log Σ exp of each row: (places, scores) → (places, 1). */
    private static Node normaliser(GraphBuilder g, Node scores) {
        Node most = g.maxReduce(scores, 1);
        return g.add(most, g.log(g.sum(g.exp(g.sub(scores, most)), 1)));
    }

    @Override
    public Map<String, int[]> inputs(int[] ids, int[] target) {
        int[][] parts = new int[4][ids.length];
        int[] first = new int[ids.length];
        int[] outline = new int[ids.length];
        int[] colour = new int[ids.length];
        int[] thing = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            int code = isCode(ids[i]) ? ids[i] - before : -1;
            parts[0][i] = code < 0 ? word(ids[i]) : words();
            parts[1][i] = code < 0 ? codes.kinds() + 1 : embedding.kind(code);
            parts[2][i] = code < 0 ? codes.pieces() + 1 : embedding.piece(code);
            parts[3][i] = code < 0 ? codes.colours() + codes.grounds() : embedding.colour(code);
            int next = isCode(target[i]) ? target[i] - before : -1;
            if (next < 0) {
                first[i] = word(target[i]);
            } else if (next < codes.grounds()) {
                first[i] = words() + next;
            } else {
                first[i] = words() + codes.grounds();
                outline[i] = codes.outline(next);
                colour[i] = codes.colour(next);
                thing[i] = 1;
            }
        }
        return Map.of("words", parts[0], "kinds", parts[1], "pieces", parts[2], "colours", parts[3], "target", first,
                "targetOutline", outline, "targetColour", colour, "isThing", thing);
    }

    /** The names of all small tables. */
    public List<String> names() {
        return Stream.of(List.of(text(EMBEDDING), text(HEAD)), embedding.names(), head.names()).flatMap(List::stream).toList();
    }

    /** Writes both tables out, with a row for each token. */
    public List<Tensor> dense(Weights weights) {
        return List.of(dense(EMBEDDING, embedding, weights), dense(HEAD, head, weights));
    }

    private Tensor dense(String table, FactorTable ofCodes, Weights weights) {
        float[] text = weights.get(text(table)).floats();
        float[] code = ofCodes.rows(weights);
        float[] all = new float[text.length + code.length];
        System.arraycopy(text, 0, all, 0, before * width);
        System.arraycopy(code, 0, all, before * width, code.length);
        System.arraycopy(text, before * width, all, before * width + code.length, text.length - before * width);
        return Tensor.of(table + ".weight", Shape.of(vocabulary, width), all);
    }
}
