package org.intarsia.transformer.core;

import java.util.List;
import org.intarsia.graph.Dim;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.weights.Parameters;

/**
 * One layer of a decoder: attention with grouped heads and a SwiGLU feed-forward layer, each added to the residual stream.
 * Chameleon ("Mixed-modal early-fusion foundation models", 2024) also normalises queries and keys, and its larger model
 * moves the norms behind what they used to precede.
 */
final class DecoderLayer {
    /** Of the norms of queries and keys; fixed in Chameleon's reference. */
    private static final double HEAD_EPSILON = 1e-5;

    private final DecoderConfig config;
    private final GraphBuilder graph;
    private final Parameters path;
    private final int number;
    private final Node position;                                                              // (S, L)
    private final KeyValueCache cache;

    DecoderLayer(DecoderConfig config, GraphBuilder graph, Parameters path, int number, Node position, KeyValueCache cache) {
        this.config = config;
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
        return named(name, graph.rmsNorm(x, path.get(graph, name + ".weight", config.hidden()), config.epsilon()));
    }

    private Node attention(Node x) {
        Parameters attention = path.at("self_attn");
        int width = config.heads() * config.headDim();
        int keyWidth = config.keyHeads() * config.headDim();
        boolean bias = config.attentionBias();
        Node q = named("q_proj", linear(attention.at("q_proj"), x, width, bias));             // (S, L, heads · headDim)
        Node k = named("k_proj", linear(attention.at("k_proj"), x, keyWidth, bias));          // (S, L, keyHeads · headDim)
        Node v = named("v_proj", linear(attention.at("v_proj"), x, keyWidth, bias));          // (S, L, keyHeads · headDim)
        q = turned("q_rope", headNorm(attention, "q_norm", heads(q, config.heads())));        // (S, L, heads, headDim)
        k = turned("k_rope", headNorm(attention, "k_norm", heads(k, config.keyHeads())));     // (S, L, keyHeads, headDim)
        Node mixed = cache.attend(graph, number, q, k, heads(v, config.keyHeads()), position,
                1 / Math.sqrt(config.headDim()));
        Node joined = graph.reshape(mixed, x.shape().with(-1, Dim.fixed(width)));             // (S, L, heads · headDim)
        return named("o_proj", linear(attention.at("o_proj"), joined, config.hidden(), bias));
    }

    private Node feedForward(Node x) {
        Parameters mlp = path.at("mlp");
        Node gate = linear(mlp.at("gate_proj"), x, config.inner(), config.innerBias());       // (S, L, inner)
        Node up = linear(mlp.at("up_proj"), x, config.inner(), config.innerBias());           // (S, L, inner)
        return named("mlp", linear(mlp.at("down_proj"), graph.swiGlu(gate, up), config.hidden(), config.innerBias()));
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
    private Node headNorm(Parameters attention, String name, Node x) {
        if (!config.headNorms()) {
            return x;
        }
        long heads = x.shape().size(2);
        Node weight = attention.at(name).get(graph, "weight", heads, config.headDim());
        Node bias = attention.at(name).get(graph, "bias", heads, config.headDim());
        return named(name, graph.layerNorm(x, weight, bias, HEAD_EPSILON));
    }

    /**
     * Turned by position. Where the pairs of a head are neighbours they are brought into halves first: attention does not
     * mind in which order the elements of queries and keys stand, as long as it is the same.
     */
    private Node turned(String name, Node x) {
        if (config.interleaved()) {
            List<Dim> dims = x.shape().dims();
            Node pairs = graph.reshape(x, new Shape(dims.subList(0, 3)).concat(Shape.of(config.headDim() / 2, 2)));
            x = graph.reshape(graph.permute(pairs, 0, 1, 2, 4, 3), x.shape());
        }
        Node turned = config.rotary().turn(graph, x, position);
        named(name, graph.permute(turned, 0, 2, 1, 3));
        return turned;
    }

    /** Of the first layer, a trace shows the parts, too. */
    private Node named(String name, Node x) {
        return number == 0 ? graph.name("layer0." + name, x) : x;
    }
}
