package org.intarsia.image.decoder;

import org.intarsia.graph.Dim;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.blocks.VqGan;
import org.intarsia.model.blocks.VqGanConfig;
import org.intarsia.weights.Parameters;
import org.intarsia.weights.Weights;

/**
 * The decoder's half of a VQ-GAN with its codebook, as Chameleon and Janus have it. It names its intermediate values {@code
 * vq.dec.post_quant_conv}, {@code vq.dec.conv_in}, {@code vq.dec.mid.block_1} and so on, {@code vq.dec.mid}, {@code
 * vq.dec.up.0} and so on, {@code vq.dec.pixels}.
 */
final class VqGanDecoder {
    static final String PATH = "model.vqmodel";

    private final VqGanConfig config;
    private final Levels order;
    private final Weights weights;

    /** How a checkpoint counts the levels, which are used from the lowest resolution to the highest. */
    enum Levels {
        FROM_HIGHEST, FROM_LOWEST
    }

    /** @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over */
    VqGanDecoder(VqGanConfig config, Levels order, Weights weights) {
        this.config = config;
        this.order = order;
        this.weights = weights;
        checkWeights();
    }

    /** Writes the whole network down once, for a single code, to learn which weights it asks for. */
    private void checkWeights() {
        GraphBuilder graph = new GraphBuilder();
        Parameters parameters = new Parameters(weights);
        Node code = vectors(graph, graph.input("codes", TensorType.i32(1, 1)), parameters);
        pixels(graph, map(graph, code, 1, 1), parameters);
        parameters.check(name -> name.startsWith(PATH + ".decoder.") || name.startsWith(PATH + ".post_quant_conv."));
    }

    /** The rows of the codebook: codes (n, places) → (n, places, codeSize). */
    Node vectors(GraphBuilder graph, Node codes) {
        return vectors(graph, codes, new Parameters(weights));
    }

    private Node vectors(GraphBuilder graph, Node codes, Parameters parameters) {
        return graph.gather(parameters.at(PATH).get(graph, "quantize.embedding.weight", config.codes(), config.codeSize()), codes);
    }

    /** (n, rows · columns, codeSize) → (n, codeSize, rows, columns). */
    Node map(GraphBuilder graph, Node vectors, int rows, int columns) {
        Shape map = Shape.of(vectors.shape().dim(0), Dim.fixed(rows), Dim.fixed(columns), Dim.fixed(config.codeSize()));
        return graph.permute(graph.reshape(vectors, map), 0, 3, 1, 2);
    }

    Node pixels(GraphBuilder graph, Node latent) {
        return pixels(graph, latent, new Parameters(weights));
    }

    private Node pixels(GraphBuilder graph, Node latent, Parameters parameters) {
        VqGan gan = new VqGan(graph);
        Parameters decoder = parameters.at(PATH).at("decoder");
        int lowest = config.levels() - 1;
        Node x = gan.convolve(parameters.at(PATH).at("post_quant_conv"), latent, config.latentChannels(), 1);
        graph.name("vq.dec.post_quant_conv", x);                                              // (n, latentChannels, rows, columns)
        x = gan.convolve(decoder.at("conv_in"), x, config.channels(lowest), 3);
        graph.name("vq.dec.conv_in", x);                                                      // (n, channels, rows, columns)
        x = graph.name("vq.dec.mid", gan.middle(decoder.at("mid"), x, config, "vq.dec.mid"));
        for (int level = lowest; level >= 0; level--) {
            int number = order == Levels.FROM_LOWEST ? lowest - level : level;
            Parameters up = decoder.at("up").at(number);
            x = gan.level(up, x, config, level, config.blocks() + 1);
            if (level > 0) {
                x = gan.upsample(up, x);
            }
            graph.name("vq.dec.up." + number, x);
        }
        return graph.name("vq.dec.pixels", gan.last(decoder, x, VqGanConfig.COLOURS));        // (n, 3, h, w)
    }
}
