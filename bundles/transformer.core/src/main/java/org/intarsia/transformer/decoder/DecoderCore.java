package org.intarsia.transformer.decoder;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.weights.Parameters;
import org.intarsia.weights.Weights;

/**
 * A decoder-only transformer: a table of embeddings, {@link DecoderLayer layers}, a norm, and the scores of the tokens.
 * This is Llama (Touvron et al., 2023), and with other settings the transformer of all families here.
 *
 * <p>Shapes: S sequences, L tokens each. Weights of linear layers are (out, in) and used in place as they are stored.
 */
public final class DecoderCore implements TransformerCore {
    private final DecoderConfig config;
    private final Names names;
    private final Weights weights;
    private final PromptFormat format;
    private final String table;
    private final String head;

    /**
     * What a checkpoint calls things.
     *
     * @param model  the path of embeddings, layers and norm, for example {@code model}
     * @param head   the path of the scores, for example {@code lm_head}
     * @param logits what the reference's trace calls the scores
     */
    public record Names(String model, String head, String logits) {
    }

    /**
     * Makes the transformer.
     *
     * @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over
     */
    public DecoderCore(DecoderConfig config, Names names, Weights weights, PromptFormat format) {
        this.config = config;
        this.names = names;
        this.weights = weights;
        this.format = format;
        String table = names.model() + ".embed_tokens.weight";
        String head = names.head() + ".weight";
        boolean stored = weights.find(head).isPresent();
        // Tied or not, what is stored counts; only where one of the two is missing does the other stand for both.
        this.head = config.ends().tied() && !stored ? table : head;
        this.table = config.ends().tied() && stored && weights.find(table).isEmpty() ? head : table;
        checkWeights();
    }

    /** Writes the whole model down once, for a single token, to learn which weights it asks for. */
    private void checkWeights() {
        GraphBuilder graph = new GraphBuilder();
        Parameters parameters = new Parameters(weights);
        Node embedded = embed(graph, graph.input("ids", TensorType.i32(1, 1)), parameters);
        Node place = graph.input("place", TensorType.i32(1, 1));
        Node hidden = hidden(graph, embedded, place, Collections.nCopies(axes(), place), KeyValueCache.none(), parameters);
        logits(graph, hidden, parameters);
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
        DecoderConfig.Sizes sizes = config.sizes();
        return new Geometry(sizes.vocabulary(), sizes.context(), sizes.layers(), sizes.keyHeads(), sizes.headDim(),
                sizes.hidden());
    }

    @Override
    public PromptFormat format() {
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
        Node embedded = graph.gather(matrix(graph, parameters, table), ids);                  // (S, L, hidden)
        double scale = config.ends().scale();
        return scale == 1 ? embedded : graph.mul(embedded, graph.scalar(scale));
    }

    @Override
    public int axes() {
        return config.layers().getFirst().rotary().axes();
    }

    @Override
    public Node hidden(GraphBuilder graph, Node embedded, Node position, KeyValueCache cache) {
        return hidden(graph, embedded, position, Collections.nCopies(axes(), position), cache);
    }

    @Override
    public Node hidden(GraphBuilder graph, Node embedded, Node place, List<Node> positions, KeyValueCache cache) {
        return hidden(graph, embedded, place, positions, cache, new Parameters(weights));
    }

    private Node hidden(GraphBuilder graph, Node embedded, Node place, List<Node> positions, KeyValueCache cache,
            Parameters parameters) {
        Parameters model = parameters.at(names.model());
        Node x = graph.name("hidden.embed", embedded);
        for (int layer = 0; layer < config.layers().size(); layer++) {
            x = new DecoderLayer(config, graph, model.at("layers").at(layer), layer, place, positions, cache).apply(x);
            graph.name("hidden.layer." + layer, x);
        }
        x = DecoderLayer.rmsNorm(config, graph, x, model.get(graph, "norm.weight", config.sizes().hidden()));
        nameRotations(graph, positions);
        return graph.name("hidden.final_norm", x);
    }

    /**
     * What queries and keys are turned by, for a trace: {@code rope.cos} and the like, or {@code rope.full_attention.cos} and
     * {@code rope.sliding_attention.cos} where types of layers are turned in different ways.
     */
    private void nameRotations(GraphBuilder graph, List<Node> positions) {
        Map<Rotary, String> types = new LinkedHashMap<>();
        config.layers().forEach(layer -> types.putIfAbsent(layer.rotary(), layer.type() + "."));
        types.forEach((rotary, type) -> nameRotation(graph, positions, rotary, types.size() == 1 ? "rope." : "rope." + type));
    }

    /** Cosines and sines are what ones and zeros become. */
    private static void nameRotation(GraphBuilder graph, List<Node> positions, Rotary rotary, String path) {
        double[] frequencies = rotary.frequencies().stream().mapToDouble(Double::doubleValue).toArray();
        int half = frequencies.length;
        double[] onesAndZeros = new double[2 * half];
        Arrays.fill(onesAndZeros, 0, half, 1);
        Shape places = positions.getFirst().shape();
        Shape heads = places.concat(Shape.of(1, 2 * half));
        Node still = graph.broadcast(graph.constant(TensorType.f32(2 * half), onesAndZeros), heads);
        Node turned = graph.reshape(rotary.turn(graph, still, positions),
                places.concat(Shape.of(2 * half)));                                 // (S, L, headDim)
        Node cos = graph.slice(turned, 2, 0, half);
        Node sin = graph.slice(turned, 2, half, 2 * half);
        graph.name(path + "inv_freq", graph.constant(TensorType.f32(half), frequencies));       // (headDim / 2)
        graph.name(path + "cos", graph.concat(2, cos, cos));                                    // (S, L, headDim)
        graph.name(path + "sin", graph.concat(2, sin, sin));                                    // (S, L, headDim)
    }

    @Override
    public Node logits(GraphBuilder graph, Node hidden, Head head) {
        return logits(graph, hidden, new Parameters(weights));
    }

    private Node logits(GraphBuilder graph, Node hidden, Parameters parameters) {
        Node product = graph.linear(hidden, matrix(graph, parameters, head));
        // Tied or not, adapters name the scores by their own path.
        Node scores = parameters.at(names.head()).adapt(graph, hidden, product, UnaryOperator.identity()); // (rows…, vocabulary)
        if (config.ends().cap() == 0) {
            return scores;
        }
        Node cap = graph.scalar(config.ends().cap());
        return graph.mul(graph.tanh(graph.div(scores, cap)), cap);
    }

    /** Embeddings or scores: (vocabulary, hidden). */
    private Node matrix(GraphBuilder graph, Parameters parameters, String name) {
        return parameters.get(graph, name, config.sizes().vocabulary(), config.sizes().hidden());
    }
}
