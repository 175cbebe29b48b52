package org.intarsia.transformer.decoder;

import java.util.List;
import org.intarsia.graph.Dim;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Attention;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.weights.Parameters;

/**
 * One layer of a decoder: attention with grouped heads and a gated feed-forward layer, each added to the residual stream.
 * {@link Block} and {@link LayerVariant} say what differs from Llama. Chameleon ("Mixed-modal early-fusion foundation
 * models", 2024) normalises queries and keys, and its larger model moves the norms behind what they used to precede.
 */
final class DecoderLayer {
    /** Of the layer normalisation of queries and keys; fixed in Chameleon's reference. */
    private static final double HEAD_EPSILON = 1e-5;

    private final DecoderConfig config;
    private final DecoderConfig.Sizes sizes;
    private final Block block;
    private final LayerVariant variant;
    private final GraphBuilder graph;
    private final Parameters path;
    private final int number;
    private final Node place;                                                                 // (S, L)
    private final List<Node> positions;                                                       // (S, L) for each axis
    private final KeyValueCache cache;

    DecoderLayer(DecoderConfig config, GraphBuilder graph, Parameters path, int number, Node place, List<Node> positions,
            KeyValueCache cache) {
        this.config = config;
        this.sizes = config.sizes();
        this.block = config.block();
        this.variant = config.layers().get(number);
        this.graph = graph;
        this.path = path;
        this.number = number;
        this.place = place;
        this.positions = positions;
        this.cache = cache;
    }

    Node apply(Node x) {
        return switch (block.norms()) {
            case BEFORE -> {
                x = graph.add(x, attention(norm("input_layernorm", x)));
                yield graph.add(x, feedForward(norm("post_attention_layernorm", x)));
            }
            case BEHIND -> {
                x = graph.add(x, norm("input_layernorm", attention(x)));
                yield graph.add(x, norm("post_attention_layernorm", feedForward(x)));
            }
            case AROUND -> {
                x = graph.add(x, norm("post_attention_layernorm", attention(norm("input_layernorm", x))));
                yield graph.add(x, norm("post_feedforward_layernorm", feedForward(norm("pre_feedforward_layernorm", x))));
            }
        };
    }

    private Node norm(String name, Node x) {
        return named(name, rmsNorm(config, graph, x, path.get(graph, name + ".weight", sizes.hidden())));
    }

    /** RMSNorm over the innermost dimension; where the family says so, by 1 + weight, which its reference adds in F32. */
    static Node rmsNorm(DecoderConfig config, GraphBuilder graph, Node x, Node weight) {
        return graph.rmsNorm(x, config.block().unitOffset() ? graph.add(weight, graph.scalar(1)) : weight, config.epsilon());
    }

    private Node attention(Node x) {
        Parameters attention = path.at("self_attn");
        int width = sizes.heads() * sizes.headDim();
        int keyWidth = sizes.keyHeads() * sizes.headDim();
        boolean bias = block.bias() != Block.Bias.NONE;
        Node q = named("q_proj", rotated(attention.at("q_proj"), x, sizes.heads(), bias));    // (S, L, heads · headDim)
        Node k = named("k_proj", rotated(attention.at("k_proj"), x, sizes.keyHeads(), bias)); // (S, L, keyHeads · headDim)
        Node v = named("v_proj", linear(attention.at("v_proj"), x, keyWidth, bias));          // (S, L, keyHeads · headDim)
        q = turned("q_rope", headNorm(attention, "q_norm", heads(q, sizes.heads())));         // (S, L, heads, headDim)
        k = turned("k_rope", headNorm(attention, "k_norm", heads(k, sizes.keyHeads())));      // (S, L, keyHeads, headDim)
        Node mixed = cache.attend(graph, number, q, k, heads(v, sizes.keyHeads()), place,
                new Attention(block.scale(), true, variant.window(), block.softCap()));
        Node joined = graph.reshape(mixed, x.shape().with(-1, Dim.fixed(width)));             // (S, L, heads · headDim)
        return named("o_proj", linear(attention.at("o_proj"), joined, sizes.hidden(), block.bias() == Block.Bias.ALL));
    }

    private Node feedForward(Node x) {
        Parameters mlp = path.at("mlp");
        Node gate = linear(mlp.at("gate_proj"), x, sizes.inner(), block.innerBias());         // (S, L, inner)
        Node up = linear(mlp.at("up_proj"), x, sizes.inner(), block.innerBias());             // (S, L, inner)
        Node gated = switch (block.gate()) {
            case SILU -> graph.swiGlu(gate, up);
            case GELU -> graph.mul(graph.gelu(gate), up);
        };
        return named("mlp", linear(mlp.at("down_proj"), gated, sizes.hidden(), block.innerBias()));
    }

    private Node linear(Parameters layer, Node x, int out, boolean bias) {
        return biased(layer, layer.linear(graph, x, out), out, bias);
    }

    private Node biased(Parameters layer, Node product, int out, boolean bias) {
        return bias ? graph.add(product, layer.get(graph, "bias", out)) : product;
    }

    /** Queries or keys. Adapters always have the halves of a head one after the other, as transformers does. */
    private Node rotated(Parameters layer, Node x, int heads, boolean bias) {
        int out = heads * sizes.headDim();
        Node product = graph.linear(x, layer.get(graph, "weight", out, x.shape().size(-1)));
        return biased(layer, layer.adapt(graph, x, product, added -> block.interleaved() ? interleave(added, heads) : added), out, bias);
    }

    /** (S, L, heads · headDim), where the halves of each head become neighbours. */
    private Node interleave(Node x, int heads) {
        Shape places = new Shape(x.shape().dims().subList(0, 2));
        Node halves = graph.reshape(x, places.concat(Shape.of(heads, 2, sizes.headDim() / 2)));
        return graph.reshape(graph.permute(halves, 0, 1, 2, 4, 3), x.shape());
    }

    /** (S, L, count · headDim) → (S, L, count, headDim). */
    private Node heads(Node x, int count) {
        Shape places = new Shape(x.shape().dims().subList(0, 2));
        return graph.reshape(x, places.concat(Shape.of(count, sizes.headDim())));
    }

    private Node headNorm(Parameters attention, String name, Node x) {
        return switch (block.headNorm()) {
            case NONE -> x;
            case LAYER -> {
                long heads = x.shape().size(2);
                Node weight = attention.at(name).get(graph, "weight", heads, sizes.headDim());
                Node bias = attention.at(name).get(graph, "bias", heads, sizes.headDim());
                yield named(name, graph.layerNorm(x, weight, bias, HEAD_EPSILON));
            }
            case RMS -> named(name, rmsNorm(config, graph, x, attention.at(name).get(graph, "weight", sizes.headDim())));
        };
    }

    /**
     * Turned by position. Where the pairs of a head are neighbours they are brought into halves first: attention does not
     * mind in which order the elements of queries and keys stand, as long as it is the same.
     */
    private Node turned(String name, Node x) {
        if (block.interleaved()) {
            List<Dim> dims = x.shape().dims();
            Node pairs = graph.reshape(x, new Shape(dims.subList(0, 3)).concat(Shape.of(sizes.headDim() / 2, 2)));
            x = graph.reshape(graph.permute(pairs, 0, 1, 2, 4, 3), x.shape());
        }
        Node turned = variant.rotary().turn(graph, x, positions);
        named(name, graph.permute(turned, 0, 2, 1, 3));
        return turned;
    }

    /** Of the first layer, a trace shows the parts, too. */
    private Node named(String name, Node x) {
        return number == 0 ? graph.name("layer0." + name, x) : x;
    }
}
