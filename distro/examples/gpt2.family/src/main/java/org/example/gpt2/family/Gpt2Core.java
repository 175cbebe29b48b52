package org.example.gpt2.family;

import org.intarsia.graph.Dim;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Attention;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.weights.Parameters;
import org.intarsia.weights.Weights;

/**
 * GPT-2's transformer as nodes of a graph, under the names of transformers: positions that are learnt, layer norms with biases,
 * one product for queries, keys and values, and weights that are stored (in, out).
 *
 * <p>Shapes: S sequences, L tokens each.
 */
final class Gpt2Core implements TransformerCore {
    private static final String TABLE = "wte.weight";

    private final Sizes sizes;
    private final Weights weights;
    private final PromptFormat format;

    /** The sizes of {@code config.json}. */
    record Sizes(int vocabulary, int context, int hidden, int layers, int heads, int inner, double epsilon) {
        int headDim() {
            return hidden / heads;
        }
    }

    /** @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over */
    Gpt2Core(Sizes sizes, Weights weights, PromptFormat format) {
        this.sizes = sizes;
        this.weights = weights;
        this.format = format;
        // Written down once, for a single token, it asks for all its weights.
        GraphBuilder graph = new GraphBuilder();
        Parameters parameters = new Parameters(weights).at("transformer");
        Node position = graph.input("position", TensorType.i32(1, 1));
        Node hidden = hidden(graph, embed(graph, graph.input("ids", TensorType.i32(1, 1)), parameters), position,
                KeyValueCache.none(), parameters);
        graph.linear(hidden, table(graph, parameters));
        // A head is stored although it is the table; triangles of ones are left over from training.
        parameters.check(name -> name.startsWith("transformer.") && !name.endsWith(".attn.bias") && !name.endsWith(".attn.masked_bias"));
    }

    @Override
    public Geometry geometry() {
        return new Geometry(sizes.vocabulary(), sizes.context(), sizes.layers(), sizes.heads(), sizes.headDim(), sizes.hidden());
    }

    @Override
    public PromptFormat format() {
        return format;
    }

    @Override
    public String logitsName() {
        return "logits";
    }

    @Override
    public Node embed(GraphBuilder graph, Node ids) {
        return embed(graph, ids, parameters());
    }

    private Parameters parameters() {
        return new Parameters(weights).at("transformer");
    }

    private Node embed(GraphBuilder graph, Node ids, Parameters parameters) {
        return graph.gather(table(graph, parameters), ids);                                   // (S, L, hidden)
    }

    private Node table(GraphBuilder graph, Parameters parameters) {
        return parameters.get(graph, TABLE, sizes.vocabulary(), sizes.hidden());
    }

    @Override
    public Node hidden(GraphBuilder graph, Node embedded, Node position, KeyValueCache cache) {
        return hidden(graph, embedded, position, cache, parameters());
    }

    private Node hidden(GraphBuilder graph, Node embedded, Node position, KeyValueCache cache, Parameters model) {
        Node places = graph.gather(model.get(graph, "wpe.weight", sizes.context(), sizes.hidden()), position);
        Node x = graph.name("hidden.embed", graph.add(embedded, places));
        for (int layer = 0; layer < sizes.layers(); layer++) {
            Parameters path = model.at("h").at(layer);
            x = graph.add(x, attention(graph, path.at("attn"), norm(graph, path.at("ln_1"), x), position, cache, layer));
            Node inner = graph.gelu(product(graph, path.at("mlp").at("c_fc"), norm(graph, path.at("ln_2"), x), sizes.inner()));
            x = graph.add(x, product(graph, path.at("mlp").at("c_proj"), inner, sizes.hidden()));
            graph.name("hidden.layer." + layer, x);
        }
        return graph.name("hidden.final_norm", norm(graph, model.at("ln_f"), x));
    }

    private Node attention(GraphBuilder graph, Parameters path, Node x, Node position, KeyValueCache cache, int layer) {
        int hidden = sizes.hidden();
        Node fused = product(graph, path.at("c_attn"), x, 3 * hidden);                        // (S, L, 3 · hidden)
        Node[] heads = new Node[3];
        for (int i = 0; i < heads.length; i++) {
            Node part = graph.slice(fused, 2, (long) i * hidden, (i + 1L) * hidden);
            Shape split = new Shape(x.shape().dims().subList(0, 2)).concat(Shape.of(sizes.heads(), sizes.headDim()));
            heads[i] = graph.reshape(part, split);                                            // (S, L, heads, headDim)
        }
        Node mixed = cache.attend(graph, layer, heads[0], heads[1], heads[2], position,
                new Attention(1 / Math.sqrt(sizes.headDim()), true, 0, 0));
        return product(graph, path.at("c_proj"), graph.reshape(mixed, x.shape().with(-1, Dim.fixed(hidden))), hidden);
    }

    private Node norm(GraphBuilder graph, Parameters path, Node x) {
        return graph.layerNorm(x, path.get(graph, "weight", sizes.hidden()), path.get(graph, "bias", sizes.hidden()), sizes.epsilon());
    }

    /** A linear layer whose weight is stored (in, out). */
    private static Node product(GraphBuilder graph, Parameters path, Node x, int out) {
        Node weight = path.get(graph, "weight", x.shape().size(-1), out);
        return graph.add(graph.matMul(x, weight, false, false), path.get(graph, "bias", out));
    }

    @Override
    public Node logits(GraphBuilder graph, Node hidden, Head head) {
        return graph.linear(hidden, table(graph, parameters()));                              // (rows…, vocabulary)
    }
}
