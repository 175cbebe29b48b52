package org.intarsia.transformer.core;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.graph.Dim;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.StreamTokens;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.weights.Parameters;
import org.intarsia.weights.Weights;

/**
 * The transformer of Chameleon (Chameleon Team, "Mixed-modal early-fusion foundation models", 2024): a Llama whose queries
 * and keys are normalised, head by head, before they are turned by their positions; the larger model also moves its norms
 * behind what they used to precede.
 *
 * <p>Shapes: S sequences, L tokens each. Weights of linear layers are (out, in) and used in place as they are stored.
 */
final class ChameleonCore implements TransformerCore {

    /** Of the norms of queries and keys; fixed in the reference. */
    private static final double HEAD_EPSILON = 1e-5;

    private final ChameleonConfig config;
    private final Weights weights;
    private final List<Double> frequencies;

    /**
     * Makes the transformer.
     *
     * @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over
     */
    ChameleonCore(ChameleonConfig config, Weights weights) {
        this.config = config;
        this.weights = weights;
        this.frequencies = frequencies(config.headDim(), config.ropeTheta());
        checkWeights();
    }

    /** Writes the whole model down once, for a single token, to learn which weights it asks for. */
    private void checkWeights() {
        GraphBuilder graph = new GraphBuilder();
        Parameters parameters = new Parameters(weights);
        Node ids = graph.input("ids", TensorType.i32(1, 1));
        Node position = graph.input("position", TensorType.i32(1, 1));
        logits(graph, hidden(graph, ids, position, KeyValueCache.none(), parameters), parameters);
        parameters.check(this::isOurs);
    }

    private boolean isOurs(String name) {
        boolean here = name.startsWith("model.") && !name.startsWith("model.vqmodel.")
                || name.startsWith("lm_head.") && !config.tied();
        // Older checkpoints store the rotary frequencies, which follow from config.json.
        return here && !name.endsWith(".rotary_emb.inv_freq");
    }

    @Override
    public Geometry geometry() {
        return new Geometry(config.vocabulary(), config.context(), config.layers(), config.keyHeads(), config.headDim(),
                config.hidden());
    }

    @Override
    public StreamTokens tokens() {
        return config.tokens();
    }

    @Override
    public String logitsName() {
        return "logits_raw";
    }

    @Override
    public Node hidden(GraphBuilder graph, Node ids, Node position, KeyValueCache cache) {
        return hidden(graph, ids, position, cache, new Parameters(weights));
    }

    private Node hidden(GraphBuilder graph, Node ids, Node position, KeyValueCache cache, Parameters parameters) {
        Parameters model = parameters.at("model");
        Node x = graph.gather(embeddings(graph, parameters), ids);                            // (S, L, hidden)
        graph.name("hidden.embed", x);
        for (int layer = 0; layer < config.layers(); layer++) {
            x = new Layer(graph, model.at("layers").at(layer), layer, position, cache).apply(x);
            graph.name("hidden.layer." + layer, x);
        }
        x = graph.rmsNorm(x, model.get(graph, "norm.weight", config.hidden()), config.epsilon());
        return graph.name("hidden.final_norm", x);
    }

    @Override
    public Node logits(GraphBuilder graph, Node hidden) {
        return logits(graph, hidden, new Parameters(weights));
    }

    private Node logits(GraphBuilder graph, Node hidden, Parameters parameters) {
        Node scores = config.tied()
                ? embeddings(graph, parameters)
                : parameters.get(graph, "lm_head.weight", config.vocabulary(), config.hidden());
        return graph.linear(hidden, scores);                                                  // (rows…, vocabulary)
    }

    private Node embeddings(GraphBuilder graph, Parameters parameters) {
        return parameters.get(graph, "model.embed_tokens.weight", config.vocabulary(), config.hidden());
    }

    /** One layer: attention and feed-forward, each added to the residual stream. */
    private final class Layer {
        private final GraphBuilder graph;
        private final Parameters path;
        private final int number;
        private final Node position;                                                          // (S, L)
        private final KeyValueCache cache;

        Layer(GraphBuilder graph, Parameters path, int number, Node position, KeyValueCache cache) {
            this.graph = graph;
            this.path = path;
            this.number = number;
            this.position = position;
            this.cache = cache;
        }

        Node apply(Node x) {
            if (config.swinNorm()) {
                x = graph.add(x, norm("input_layernorm", attention(x)));
                return graph.add(x, norm("post_attention_layernorm", feedForward(x)));
            }
            x = graph.add(x, attention(norm("input_layernorm", x)));
            return graph.add(x, feedForward(norm("post_attention_layernorm", x)));
        }

        private Node norm(String name, Node x) {
            return graph.rmsNorm(x, path.get(graph, name + ".weight", config.hidden()), config.epsilon());
        }

        private Node attention(Node x) {
            Parameters attention = path.at("self_attn");
            int width = config.heads() * config.headDim();
            int keyWidth = config.keyHeads() * config.headDim();
            boolean bias = config.attentionBias();
            Node q = heads(linear(attention.at("q_proj"), x, width, bias), config.heads());       // (S, L, heads, headDim)
            Node k = heads(linear(attention.at("k_proj"), x, keyWidth, bias), config.keyHeads()); // (S, L, keyHeads, headDim)
            Node v = heads(linear(attention.at("v_proj"), x, keyWidth, bias), config.keyHeads()); // (S, L, keyHeads, headDim)
            q = graph.rope(headNorm(attention.at("q_norm"), q), position, frequencies);
            k = graph.rope(headNorm(attention.at("k_norm"), k), position, frequencies);
            Node mixed = cache.attend(graph, number, q, k, v, position, 1 / Math.sqrt(config.headDim()));
            Node joined = graph.reshape(mixed, x.shape().with(-1, Dim.fixed(width)));             // (S, L, heads · headDim)
            return linear(attention.at("o_proj"), joined, config.hidden(), bias);                 // (S, L, hidden)
        }

        private Node feedForward(Node x) {
            Parameters mlp = path.at("mlp");
            Node gate = linear(mlp.at("gate_proj"), x, config.inner(), config.innerBias());       // (S, L, inner)
            Node up = linear(mlp.at("up_proj"), x, config.inner(), config.innerBias());           // (S, L, inner)
            return linear(mlp.at("down_proj"), graph.swiGlu(gate, up), config.hidden(), config.innerBias());
        }

        private Node linear(Parameters layer, Node x, int out, boolean bias) {
            Node product = graph.linear(x, layer.get(graph, "weight", out, x.shape().size(-1)));
            return bias ? graph.add(product, layer.get(graph, "bias", out)) : product;
        }

        /** (S, L, count · headDim) → (S, L, count, headDim). */
        private Node heads(Node x, int count) {
            Shape places = new Shape(x.shape().dims().subList(0, 2));
            return graph.reshape(x, places.concat(Shape.of(count, config.headDim())));
        }

        /** Layer normalisation over each head, with a weight and a bias of its own for each: (heads, headDim). */
        private Node headNorm(Parameters norm, Node x) {
            long heads = x.shape().size(2);
            Node weight = norm.get(graph, "weight", heads, config.headDim());
            Node bias = norm.get(graph, "bias", heads, config.headDim());
            return graph.layerNorm(x, weight, bias, HEAD_EPSILON);
        }
    }

    /** Radians a position, in the float32 steps of the reference: 1 / theta^(2i / headDim). */
    private static List<Double> frequencies(int headDim, double theta) {
        List<Double> frequencies = new ArrayList<>();
        for (int i = 0; i < headDim; i += 2) {
            float exponent = i / (float) headDim;
            frequencies.add((double) (1 / (float) Math.pow((float) theta, exponent)));
        }
        return frequencies;
    }
}
