package org.intarsia.transformer.core;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.transformer.decoder.DecoderCore;
import org.intarsia.weights.Parameters;
import org.intarsia.weights.Weights;

/**
 * The transformer of Janus and Janus-Pro (deepseek-ai/Janus): a Llama, and beside it an embedding and scores for the codes
 * of pictures. In streams the codes have the ids behind those of the words, which is our own way to put both into one row.
 */
final class JanusCore implements TransformerCore {
    private static final String EMBEDDINGS = "model.generation_embeddings";
    private static final String ALIGNER = "model.generation_aligner";
    private static final String HEAD = "model.generation_head";

    private final DecoderCore language;
    private final Sizes sizes;
    private final Weights weights;
    private final PromptFormat format;

    /**
     * Sizes of what belongs to pictures.
     *
     * @param words    tokens that are words
     * @param hidden   size of the residual stream, and width of what codes are embedded through and scored by
     * @param codes    how many different codes there are
     * @param codeSize numbers in one code
     * @param depth    linear layers that codes are embedded through
     */
    record Sizes(int words, int hidden, int codes, int codeSize, int depth) {
    }

    JanusCore(DecoderCore language, Sizes sizes, Weights weights, PromptFormat format) {
        this.language = language;
        this.sizes = sizes;
        this.weights = weights;
        this.format = format;
        checkWeights();
    }

    /** The language model has checked its own. */
    private void checkWeights() {
        GraphBuilder graph = new GraphBuilder();
        Parameters parameters = new Parameters(weights);
        Node embedded = embedCodes(graph, graph.input("codes", TensorType.i32(1)), parameters);
        scoreCodes(graph, embedded, parameters);
        parameters.check(name -> name.startsWith(EMBEDDINGS + ".") || name.startsWith(ALIGNER + ".")
                || name.startsWith(HEAD + "."));
    }

    @Override
    public Geometry geometry() {
        Geometry words = language.geometry();
        return new Geometry(sizes.words() + sizes.codes(), words.context(), words.layers(), words.keyHeads(), words.headDim(),
                words.hidden());
    }

    @Override
    public PromptFormat format() {
        return format;
    }

    @Override
    public String logitsName() {
        return language.logitsName();
    }

    @Override
    public boolean hasOneHead() {
        return false;
    }

    @Override
    public int firstId(Head head) {
        return head == Head.TEXT ? 0 : sizes.words();
    }

    @Override
    public Node embed(GraphBuilder graph, Node ids) {
        Node words = graph.constant(TensorType.i32(), sizes.words());
        Node nothing = graph.constant(TensorType.i32(), 0);
        Node isWord = graph.less(ids, words);
        Node word = language.embed(graph, graph.select(isWord, ids, nothing));                // (…, hidden)
        Node code = embedCodes(graph, graph.select(isWord, nothing, graph.sub(ids, words)), new Parameters(weights));
        return graph.select(graph.reshape(isWord, isWord.shape().concat(Shape.of(1))), word, code);
    }

    private Node embedCodes(GraphBuilder graph, Node codes, Parameters parameters) {
        Node table = parameters.get(graph, EMBEDDINGS + ".weight", sizes.codes(), sizes.codeSize());
        Node x = graph.name("embed.embedding", graph.gather(table, codes));                   // (…, codeSize)
        Parameters aligner = parameters.at(ALIGNER);
        x = linear(graph, aligner.at("fc1"), x, sizes.hidden());                          // (…, hidden)
        for (int layer = 0; layer < sizes.depth() - 1; layer++) {
            x = linear(graph, aligner.at("hidden_layers").at(layer), graph.exactGelu(x), sizes.hidden());
        }
        return x;
    }

    @Override
    public Node hidden(GraphBuilder graph, Node embedded, Node position, KeyValueCache cache) {
        return language.hidden(graph, embedded, position, cache);
    }

    @Override
    public Node logits(GraphBuilder graph, Node hidden, Head head) {
        return head == Head.TEXT ? language.logits(graph, hidden, head) : scoreCodes(graph, hidden, new Parameters(weights));
    }

    private Node scoreCodes(GraphBuilder graph, Node hidden, Parameters parameters) {
        Parameters head = parameters.at(HEAD);
        Node x = graph.exactGelu(linear(graph, head.at("proj_out"), hidden, sizes.hidden()));
        return linear(graph, head.at("vision_head"), x, sizes.codes());                       // (…, codes)
    }

    private static Node linear(GraphBuilder graph, Parameters layer, Node x, int out) {
        return graph.add(layer.linear(graph, x, out), layer.get(graph, "bias", out));
    }
}
