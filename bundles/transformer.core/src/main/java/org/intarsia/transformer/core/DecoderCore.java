package org.intarsia.transformer.core;

import java.util.Arrays;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.StreamFormat;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.weights.Parameters;
import org.intarsia.weights.Weights;

/**
 * A decoder-only transformer: a table of embeddings, {@link DecoderLayer layers}, a norm, and the scores of the tokens.
 * This is Llama (Touvron et al., 2023), and with other settings Chameleon's and Emu3's transformer.
 *
 * <p>Shapes: S sequences, L tokens each. Weights of linear layers are (out, in) and used in place as they are stored.
 */
final class DecoderCore implements TransformerCore {
    private final DecoderConfig config;
    private final Names names;
    private final Weights weights;
    private final StreamFormat format;
    private final String table;
    private final String head;

    /**
     * What a checkpoint calls things.
     *
     * @param model  the path of embeddings, layers and norm, for example {@code model}
     * @param head   the path of the scores, for example {@code lm_head}
     * @param logits what the reference's trace calls the scores
     */
    record Names(String model, String head, String logits) {
    }

    /**
     * Makes the transformer.
     *
     * @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over
     */
    DecoderCore(DecoderConfig config, Names names, Weights weights, StreamFormat format) {
        this.config = config;
        this.names = names;
        this.weights = weights;
        this.format = format;
        String table = names.model() + ".embed_tokens.weight";
        String head = names.head() + ".weight";
        boolean stored = weights.find(head).isPresent();
        // Tied or not, what is stored counts; only where one of the two is missing does the other stand for both.
        this.head = config.tied() && !stored ? table : head;
        this.table = config.tied() && stored && weights.find(table).isEmpty() ? head : table;
        checkWeights();
    }

    /** Writes the whole model down once, for a single token, to learn which weights it asks for. */
    private void checkWeights() {
        GraphBuilder graph = new GraphBuilder();
        Parameters parameters = new Parameters(weights);
        Node embedded = embed(graph, graph.input("ids", TensorType.i32(1, 1)), parameters);
        Node position = graph.input("position", TensorType.i32(1, 1));
        logits(graph, hidden(graph, embedded, position, KeyValueCache.none(), parameters), parameters);
        parameters.check(this::isOurs);
    }

    private boolean isOurs(String name) {
        boolean here = name.startsWith(names.model() + ".embed_tokens.") || name.startsWith(names.model() + ".layers.")
                || name.startsWith(names.model() + ".norm.") || name.startsWith(names.head() + ".");
        // Older checkpoints store the rotary frequencies, which follow from config.json.
        return here && !name.endsWith(".rotary_emb.inv_freq");
    }

    @Override
    public Geometry geometry() {
        return new Geometry(config.vocabulary(), config.context(), config.layers(), config.keyHeads(), config.headDim(),
                config.hidden());
    }

    @Override
    public StreamFormat format() {
        return format;
    }

    @Override
    public String logitsName() {
        return names.logits();
    }

    @Override
    public Node embed(GraphBuilder graph, Node ids) {
        return embed(graph, ids, new Parameters(weights));
    }

    private Node embed(GraphBuilder graph, Node ids, Parameters parameters) {
        return graph.gather(matrix(graph, parameters, table), ids);                           // (S, L, hidden)
    }

    @Override
    public Node hidden(GraphBuilder graph, Node embedded, Node position, KeyValueCache cache) {
        return hidden(graph, embedded, position, cache, new Parameters(weights));
    }

    private Node hidden(GraphBuilder graph, Node embedded, Node position, KeyValueCache cache, Parameters parameters) {
        Parameters model = parameters.at(names.model());
        Node x = graph.name("hidden.embed", embedded);
        for (int layer = 0; layer < config.layers(); layer++) {
            x = new DecoderLayer(config, graph, model.at("layers").at(layer), layer, position, cache).apply(x);
            graph.name("hidden.layer." + layer, x);
        }
        x = graph.rmsNorm(x, model.get(graph, "norm.weight", config.hidden()), config.epsilon());
        nameRotation(graph, position);
        return graph.name("hidden.final_norm", x);
    }

    /** What queries and keys are turned by, for a trace: cosines and sines are what ones and zeros become. */
    private void nameRotation(GraphBuilder graph, Node position) {
        double[] frequencies = config.rotary().frequencies().stream().mapToDouble(Double::doubleValue).toArray();
        int half = frequencies.length;
        double[] onesAndZeros = new double[2 * half];
        Arrays.fill(onesAndZeros, 0, half, 1);
        Shape heads = position.shape().concat(Shape.of(1, 2 * half));
        Node still = graph.broadcast(graph.constant(TensorType.f32(2 * half), onesAndZeros), heads);
        Node turned = graph.reshape(config.rotary().turn(graph, still, position),
                position.shape().concat(Shape.of(2 * half)));                                 // (S, L, headDim)
        Node cos = graph.slice(turned, 2, 0, half);
        Node sin = graph.slice(turned, 2, half, 2 * half);
        graph.name("rope.inv_freq", graph.constant(TensorType.f32(half), frequencies));       // (headDim / 2)
        graph.name("rope.cos", graph.concat(2, cos, cos));                                    // (S, L, headDim)
        graph.name("rope.sin", graph.concat(2, sin, sin));                                    // (S, L, headDim)
    }

    @Override
    public Node logits(GraphBuilder graph, Node hidden, Head head) {
        return logits(graph, hidden, new Parameters(weights));
    }

    private Node logits(GraphBuilder graph, Node hidden, Parameters parameters) {
        return graph.linear(hidden, matrix(graph, parameters, head));                         // (rows…, vocabulary)
    }

    /** Embeddings or scores: (vocabulary, hidden). */
    private Node matrix(GraphBuilder graph, Parameters parameters, String name) {
        return parameters.get(graph, name, config.vocabulary(), config.hidden());
    }
}
