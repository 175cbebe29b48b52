package org.intarsia.model.blocks;

import java.util.List;
import org.intarsia.graph.Dim;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Conv2d.Window;
import org.intarsia.weights.Parameters;

/**
 * The blocks of a VQ-GAN (Esser et al., "Taming transformers for high-resolution image synthesis", 2021), which encoder
 * and decoder share. Feature maps are (n, channels, h, w); weights stand below the given path under the names of the
 * published checkpoints. Not safe for use by several threads.
 */
public final class VqGan {
    /** Groups of channels that are normalised together; the same in all published checkpoints. */
    public static final int GROUPS = 32;
    private static final double EPSILON = 1e-6;

    private final GraphBuilder graph;
    private final Norm norm;

    /** Normalises a feature map by weights below a path. */
    @FunctionalInterface
    public interface Norm {
        Node apply(Parameters path, Node x);
    }

    /** Blocks that normalise groups of channels. */
    public VqGan(GraphBuilder graph) {
        this.graph = graph;
        this.norm = this::groupNorm;
    }

    /** Blocks that normalise otherwise. */
    public VqGan(GraphBuilder graph, Norm norm) {
        this.graph = graph;
        this.norm = norm;
    }

    /** Convolution with a square kernel that keeps height and width. */
    public Node convolve(Parameters path, Node x, int out, int kernel) {
        return convolve(path, x, out, kernel, Window.same(kernel / 2));
    }

    /** Convolution with a square kernel. */
    public Node convolve(Parameters path, Node x, int out, int kernel, Window window) {
        Node weight = path.get(graph, "weight", out, channels(x), kernel, kernel);
        Node bias = path.get(graph, "bias", out);
        return graph.add(graph.conv2d(x, weight, window), graph.reshape(bias, Shape.of(out, 1, 1)));
    }

    /** Normalises groups of channels, over all their places. */
    public Node groupNorm(Parameters path, Node x) {
        Node weight = path.get(graph, "weight", channels(x));
        return graph.groupNorm(x, weight, path.get(graph, "bias", channels(x)), GROUPS, EPSILON);
    }

    /** Halves height and width: a row and a column of zeros only below and to the right, then stride 2. */
    public Node downsample(Parameters path, Node x) {
        return convolve(path.at("downsample.conv"), x, channels(x), 3, new Window(2, 0, 1, 0, 1));
    }

    /** Doubles height and width: each pixel four times, then a convolution. */
    public Node upsample(Parameters path, Node x) {
        return convolve(path.at("upsample.conv"), graph.upsample(x, 2), channels(x), 3);
    }

    /** x + what two normalised, activated convolutions make of it; x itself is projected when the channels change. */
    public Node residual(Parameters path, Node x, int out) {
        Node h = convolve(path.at("conv1"), swish(norm.apply(path.at("norm1"), x)), out, 3);  // (n, out, h, w)
        h = convolve(path.at("conv2"), swish(norm.apply(path.at("norm2"), h)), out, 3);       // (n, out, h, w)
        Node shortcut = channels(x) == out ? x : convolve(path.at("nin_shortcut"), x, out, 1);
        return graph.add(shortcut, h);
    }

    /** x + attention of every place to every place, with one head. */
    public Node attention(Parameters path, Node x) {
        int channels = channels(x);
        Node normal = norm.apply(path.at("norm"), x);
        Node q = places(convolve(path.at("q"), normal, channels, 1));                         // (n, h · w, 1, channels)
        Node k = places(convolve(path.at("k"), normal, channels, 1));                         // (n, h · w, 1, channels)
        Node v = places(convolve(path.at("v"), normal, channels, 1));                         // (n, h · w, 1, channels)
        Node mixed = graph.attention(q, k, v, 1 / Math.sqrt(channels));
        Node map = graph.reshape(graph.permute(mixed, 0, 2, 3, 1), x.shape());                // (n, channels, h, w)
        return graph.add(x, convolve(path.at("proj_out"), map, channels, 1));
    }

    /** The middle: block, attention, block. Its intermediate values are named {@code PREFIX.block_1} and so on. */
    public Node middle(Parameters path, Node x, VqGanConfig config, String prefix) {
        int channels = channels(x);
        Node h = graph.name(prefix + ".block_1", residual(path.at("block_1"), x, channels));
        if (config.middleAttention()) {
            h = graph.name(prefix + ".attn_1", attention(path.at("attn_1"), h));
        }
        return graph.name(prefix + ".block_2", residual(path.at("block_2"), h, channels));
    }

    /** The blocks of one level, each followed by attention where the configuration says so. */
    public Node level(Parameters path, Node x, VqGanConfig config, int level, int blocks) {
        for (int block = 0; block < blocks; block++) {
            x = residual(path.at("block").at(block), x, config.channels(level));
            if (config.attentionAt(level)) {
                x = attention(path.at("attn").at(block), x);
            }
        }
        return x;
    }

    /** The last step of either half: norm, swish, convolution to {@code out} channels. */
    public Node last(Parameters path, Node x, int out) {
        return convolve(path.at("conv_out"), swish(norm.apply(path.at("norm_out"), x)), out, 3);
    }

    private Node swish(Node x) {
        return graph.silu(x);
    }

    /** (n, channels, h, w) → (n, h · w, 1, channels): places as a sequence with one head. */
    private Node places(Node x) {
        List<Dim> dims = x.shape().dims();
        Node flat = graph.reshape(x, Shape.of(dims.get(0), Dim.fixed(1), dims.get(1), dims.get(2).times(dims.get(3))));
        return graph.permute(flat, 0, 3, 1, 2);
    }

    private static int channels(Node x) {
        return Math.toIntExact(x.shape().size(1));
    }
}
