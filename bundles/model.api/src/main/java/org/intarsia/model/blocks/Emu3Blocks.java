package org.intarsia.model.blocks;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Conv2d.Window;
import org.intarsia.model.blocks.VqGan.Norm;
import org.intarsia.weights.Parameters;

/**
 * The blocks of Emu3's vision tokenizer (Wang et al., "Emu3: next-token prediction is all you need", 2024), which encoder
 * and decoder share: those of a {@link VqGan} with linear layers in its attention, and convolutions over time. A clip is a
 * list of frames, each (n, channels, h, w). Not safe for use by several threads.
 */
public final class Emu3Blocks {
    private static final double BATCH_NORM_EPSILON = 1e-5;
    /** Frames of zeros before the first: what comes later is never seen. */
    private static final int EARLIER = 2;
    private static final int TIME = 2;

    private final GraphBuilder graph;
    private final Emu3Config config;
    private final Norm norm;
    private final VqGan gan;

    /** Blocks that normalise groups of channels. */
    public Emu3Blocks(GraphBuilder graph, Emu3Config config) {
        this.graph = graph;
        this.config = config;
        this.gan = new VqGan(graph);
        this.norm = gan::groupNorm;
    }

    /**
     * Blocks of the decoder: behind each norm of groups, the quantised latent values say by how much every place is scaled
     * and shifted.
     *
     * @param quantised (n, codeSize, rows, columns)
     */
    public Emu3Blocks(GraphBuilder graph, Emu3Config config, Node quantised) {
        this.graph = graph;
        this.config = config;
        VqGan plain = new VqGan(graph);
        this.norm = (path, x) -> {
            int channels = Math.toIntExact(x.shape().size(1));
            int factor = Math.toIntExact(x.shape().size(2) / quantised.shape().size(2));
            Node scale = plain.convolve(path.at("conv_y"), quantised, channels, 1);
            Node shift = plain.convolve(path.at("conv_b"), quantised, channels, 1);
            if (factor > 1) {
                scale = graph.upsample(scale, factor);
                shift = graph.upsample(shift, factor);
            }
            return graph.add(graph.mul(plain.groupNorm(path.at("norm_layer"), x), scale), shift);
        };
        this.gan = new VqGan(graph, norm);
    }

    /** The blocks that are those of any VQ-GAN. */
    public VqGan gan() {
        return gan;
    }

    /** The blocks of one level, each followed by attention where the configuration says so. */
    public Node level(Parameters path, Node x, int level, int blocks) {
        for (int block = 0; block < blocks; block++) {
            x = gan.residual(path.at("block").at(block), x, config.spatial().channels(level));
            if (config.spatial().attentionAt(level)) {
                x = attention(path.at("attn").at(block), path.at("attn_norms").at(block), x);
            }
        }
        return x;
    }

    /** The middle: block, attention, block. */
    public Node middle(Parameters path, Node x) {
        int channels = Math.toIntExact(x.shape().size(1));
        Node h = gan.residual(path.at("block_1"), x, channels);
        h = attention(path.at("attn_1"), path.at("attn_norm"), h);
        return gan.residual(path.at("block_2"), h, channels);
    }

    /** x + attention of every place to every place. */
    private Node attention(Parameters path, Parameters normPath, Node x) {
        Shape map = x.shape();
        long places = map.size(2) * map.size(3);
        Node normal = graph.reshape(norm.apply(normPath, x), Shape.of(map.size(0), map.size(1), places));
        Node rows = graph.permute(normal, 0, 2, 1);                                           // (n, h · w, channels)
        long width = map.size(1) / config.heads();
        Shape heads = Shape.of(map.size(0), places, config.heads(), width);
        Node q = graph.reshape(linear(path.at("q_proj"), rows), heads);
        Node k = graph.reshape(linear(path.at("k_proj"), rows), heads);
        Node v = graph.reshape(linear(path.at("v_proj"), rows), heads);
        Node mixed = graph.reshape(graph.attention(q, k, v, 1 / Math.sqrt(width)), rows.shape());
        Node out = graph.permute(linear(path.at("out_proj"), mixed), 0, 2, 1);
        return graph.add(x, graph.reshape(out, map));
    }

    private Node linear(Parameters path, Node x) {
        long width = x.shape().size(-1);
        return graph.add(path.linear(graph, x, width), path.get(graph, "bias", width));
    }

    /**
     * A convolution over time and places, which keeps height, width and channels.
     *
     * @param depth  how many frames it sees at once
     * @param kernel height and width of what it sees
     * @param stride how many frames it goes on by
     */
    public List<Node> convolve(Parameters path, List<Node> clip, int depth, int kernel, int stride) {
        Parameters conv = path.at("conv");
        long channels = clip.getFirst().shape().size(1);
        Node weight = graph.computed(conv.get(graph, "weight", channels, channels, depth, kernel, kernel));
        Node bias = graph.reshape(conv.get(graph, "bias", channels), Shape.of(channels, 1, 1));
        List<Node> result = new ArrayList<>();
        for (int last = depth - 1; last < clip.size() + EARLIER; last += stride) {
            Node sum = bias;
            for (int seen = 0; seen < depth; seen++) {
                int frame = last - depth + 1 + seen - EARLIER;
                if (frame >= 0) {
                    Node slice = graph.reshape(graph.slice(weight, TIME, seen, seen + 1L),
                            Shape.of(channels, channels, kernel, kernel));
                    sum = graph.add(sum, graph.conv2d(clip.get(frame), slice, Window.same(kernel / 2)));
                }
            }
            result.add(sum);
        }
        return result;
    }

    /** clip + what two normalised, activated convolutions over time make of it. */
    public List<Node> residual(Parameters path, List<Node> clip) {
        List<Node> h = convolve(path.at("conv1"), swish(batchNorm(path.at("norm1"), clip)), 3, 3, 1);
        h = convolve(path.at("conv2"), swish(batchNorm(path.at("norm2"), h)), 3, 3, 1);
        List<Node> result = new ArrayList<>();
        for (int frame = 0; frame < clip.size(); frame++) {
            result.add(graph.add(clip.get(frame), h.get(frame)));
        }
        return result;
    }

    /** Normalises by the mean and the variance that were kept in training. */
    private List<Node> batchNorm(Parameters path, List<Node> clip) {
        long channels = clip.getFirst().shape().size(1);
        Node variance = path.get(graph, "running_var", channels);
        Node deviation = graph.sqrt(graph.add(variance, graph.scalar(BATCH_NORM_EPSILON)));
        Node scale = graph.div(path.get(graph, "weight", channels), deviation);
        Node shift = graph.sub(path.get(graph, "bias", channels), graph.mul(path.get(graph, "running_mean", channels), scale));
        Shape one = Shape.of(channels, 1, 1);
        return clip.stream()
                .map(x -> graph.add(graph.mul(x, graph.reshape(scale, one)), graph.reshape(shift, one))).toList();
    }

    /** x · sigmoid(x), frame by frame. */
    public List<Node> swish(List<Node> clip) {
        return clip.stream().map(graph::silu).toList();
    }

    /** The frames as one value (n, channels, frames, h, w). */
    public Node stack(List<Node> clip) {
        return graph.concat(TIME, clip.stream().map(x -> graph.reshape(x, Shape.of(x.shape().size(0), x.shape().size(1), 1,
                x.shape().size(2), x.shape().size(3)))).toArray(Node[]::new));
    }
}
