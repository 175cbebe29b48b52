package org.intarsia.vision.encoder;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Conv2d.Window;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.weights.Parameters;
import org.intarsia.weights.Weights;

/**
 * What Janus reads pictures with: the vision transformer of SigLIP (Zhai et al., 2023), and the aligner that brings its
 * features into the stream. It names its intermediate values {@code vision.embeddings}, {@code vision.layer.0} and so on,
 * {@code vision.last_hidden_state}, {@code vision.aligner}; and of the first layer {@code vision.layer0.self_attn} and the
 * like.
 */
final class JanusTower {
    private static final String TOWER = "model.vision_model";
    private static final String ALIGNER = "model.aligner";
    private static final int COLOURS = 3;
    private static final int MOST_LAYERS = 1000;

    private final Config config;
    private final Weights weights;

    /**
     * The sizes, as {@code vision_config} in {@code config.json} gives them.
     *
     * @param size         edge of a picture in pixels
     * @param patch        edge of what becomes one feature
     * @param hidden       numbers in a feature
     * @param layers       layers of the transformer
     * @param heads        heads of its attention
     * @param feedForward  width of its feed-forward layers
     * @param bias         whether queries, keys and values have a bias
     * @param epsilon      keeps norms from dividing by zero
     * @param activation   of the feed-forward layers and of the aligner
     * @param aligned      numbers in a feature behind the aligner
     * @param alignerDepth linear layers of the aligner
     */
    record Config(int size, int patch, int hidden, int layers, int heads, int feedForward, boolean bias, double epsilon,
            String activation, int aligned, int alignerDepth) {

        static Config read(ConfigFile file) {
            ConfigFile vision = file.at("vision_config");
            int hidden = vision.size("hidden_size", 1024);
            Config read = new Config(vision.size("image_size", 384), vision.size("patch_size", 16), hidden,
                    vision.sizeUpTo(MOST_LAYERS, "num_hidden_layers", 24), vision.size("num_attention_heads", 16),
                    Math.max(1, (int) (hidden * vision.positive("mlp_ratio", 4))), vision.flag("attention_bias", true),
                    vision.positive("layer_norm_eps", 1e-6), vision.text("hidden_act", "gelu"),
                    vision.size("projection_dim", 2048), vision.sizeUpTo(MOST_LAYERS, "depth", 2));
            if (read.patch > read.size) {
                vision.wrong("patch_size", "should be at most image_size, which is " + read.size);
            }
            if (read.hidden % read.heads != 0) {
                vision.wrong("hidden_size", "should be a multiple of num_attention_heads");
            }
            if (vision.size("num_channels", COLOURS) != COLOURS) {
                vision.wrong("num_channels", "should be 3, for red, green and blue");
            }
            if (vision.flag("use_qk_norm", false)) {
                vision.wrong("use_qk_norm", "should be false: no published checkpoint normalises queries and keys, and"
                        + " the reference cannot do it for several heads");
            }
            switch (read.activation) {
                case "gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "silu", "swish" -> {
                }
                default -> vision.wrong("hidden_act", "should be \"gelu\", \"gelu_new\", \"gelu_pytorch_tanh\", \"relu\","
                        + " \"silu\" or \"swish\", not \"" + read.activation + "\"");
            }
            if (file.isObject("text_config") && file.at("text_config").size("hidden_size", 4096) != read.aligned) {
                vision.wrong("projection_dim", "should be text_config.hidden_size, which is "
                        + file.at("text_config").size("hidden_size", 4096));
            }
            return read;
        }

        /** Features in a row, and in a column. */
        int side() {
            return size / patch;
        }
    }

    /**
     * Makes the tower.
     *
     * @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over
     */
    JanusTower(Config config, Weights weights) {
        this.config = config;
        this.weights = weights;
        checkWeights();
    }

    private void checkWeights() {
        GraphBuilder graph = new GraphBuilder();
        Parameters parameters = new Parameters(weights);
        features(graph, graph.input("pixels", TensorType.f32(1, COLOURS, config.size(), config.size())), parameters);
        parameters.check(name -> name.startsWith(TOWER + ".") || name.startsWith(ALIGNER + "."));
    }

    /** How many pixels, in each direction, one feature stands for. */
    int pixelsPerFeature() {
        return config.patch();
    }

    /** Pixels F32 (n, 3, size, size) → (n, side · side, aligned). */
    Node features(GraphBuilder graph, Node pixels) {
        Shape shape = pixels.shape();
        if (shape.size(2) != config.size() || shape.size(3) != config.size()) {
            throw new ModelException("the vision tower sees pictures of " + config.size() + " × " + config.size()
                    + " pixels, not of " + shape.size(3) + " × " + shape.size(2));
        }
        return features(graph, pixels, new Parameters(weights));
    }

    /** Shapes for pixels (n, 3, size, size), which give places = side · side features. */
    private Node features(GraphBuilder graph, Node pixels, Parameters parameters) {
        Parameters tower = parameters.at(TOWER);
        Node x = embed(graph, pixels, tower.at("embeddings"));
        for (int layer = 0; layer < config.layers(); layer++) {
            x = graph.name("vision.layer." + layer, layer(graph, x, tower.at("encoder.layers").at(layer), layer == 0));
        }
        x = graph.name("vision.last_hidden_state", norm(graph, tower.at("post_layernorm"), x));
        return graph.name("vision.aligner", align(graph, x, parameters.at(ALIGNER)));         // (n, places, aligned)
    }

    private Node embed(GraphBuilder graph, Node pixels, Parameters embeddings) {
        int patch = config.patch();
        Parameters projection = embeddings.at("patch_embedding");
        Node weight = projection.get(graph, "weight", config.hidden(), COLOURS, patch, patch);
        Node map = graph.conv2d(pixels, weight, new Window(patch, 0, 0, 0, 0));               // (n, hidden, side, side)
        long places = (long) config.side() * config.side();
        Node rows = graph.permute(graph.reshape(map, Shape.of(pixels.shape().size(0), config.hidden(), places)), 0, 2, 1);
        Node position = embeddings.get(graph, "position_embedding.weight", places, config.hidden());
        Node x = graph.add(graph.add(rows, projection.get(graph, "bias", config.hidden())), position);
        return graph.name("vision.embeddings", x);                                            // (n, places, hidden)
    }

    private Node layer(GraphBuilder graph, Node x, Parameters layer, boolean named) {
        Node normal = norm(graph, layer.at("layer_norm1"), x);
        Node attended = attend(graph, normal, layer.at("self_attn"));
        Node middle = graph.add(x, attended);
        Node wide = linear(graph, layer.at("mlp.fc1"), norm(graph, layer.at("layer_norm2"), middle), config.feedForward(), true);
        Node narrow = linear(graph, layer.at("mlp.fc2"), activate(graph, wide), config.hidden(), true);
        if (named) {
            graph.name("vision.layer0.layer_norm1", normal);
            graph.name("vision.layer0.self_attn", attended);
            graph.name("vision.layer0.mlp.fc1", wide);
            graph.name("vision.layer0.mlp", narrow);
        }
        return graph.add(middle, narrow);
    }

    private Node attend(GraphBuilder graph, Node x, Parameters attention) {
        int hidden = config.hidden();
        int width = hidden / config.heads();
        Shape heads = Shape.of(x.shape().size(0), x.shape().size(1), config.heads(), width);
        Node q = graph.reshape(linear(graph, attention.at("q_proj"), x, hidden, config.bias()), heads);
        Node k = graph.reshape(linear(graph, attention.at("k_proj"), x, hidden, config.bias()), heads);
        Node v = graph.reshape(linear(graph, attention.at("v_proj"), x, hidden, config.bias()), heads);
        Node mixed = graph.reshape(graph.attention(q, k, v, 1 / Math.sqrt(width)), x.shape());
        return linear(graph, attention.at("projection_layer"), mixed, hidden, true);
    }

    private Node align(GraphBuilder graph, Node x, Parameters aligner) {
        x = linear(graph, aligner.at("fc1"), x, config.aligned(), true);
        for (int layer = 0; layer < config.alignerDepth() - 1; layer++) {
            x = linear(graph, aligner.at("hidden_layers").at(layer), activate(graph, x), config.aligned(), true);
        }
        return x;
    }

    private Node activate(GraphBuilder graph, Node x) {
        return switch (config.activation()) {
            case "gelu" -> graph.exactGelu(x);
            case "relu" -> graph.max(x, graph.scalar(0));
            case "silu", "swish" -> graph.silu(x);
            default -> graph.gelu(x);
        };
    }

    private Node norm(GraphBuilder graph, Parameters path, Node x) {
        Node weight = path.get(graph, "weight", config.hidden());
        return graph.layerNorm(x, weight, path.get(graph, "bias", config.hidden()), config.epsilon());
    }

    private static Node linear(GraphBuilder graph, Parameters layer, Node x, int out, boolean bias) {
        Node product = layer.linear(graph, x, out);
        return bias ? graph.add(product, layer.get(graph, "bias", out)) : product;
    }
}
