package org.intarsia.vision.encoder;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.model.blocks.VqGan;
import org.intarsia.model.blocks.VqGanConfig;
import org.intarsia.weights.Parameters;
import org.intarsia.weights.Weights;

/**
 * The encoder's half of a VQ-GAN with its codebook, as Chameleon and Janus have it. It names its intermediate values {@code
 * vq.enc.conv_in}, {@code vq.enc.down.0} and so on, {@code vq.enc.mid.block_1} and so on, {@code vq.enc.out}, {@code
 * vq.enc.latent}.
 */
final class VqGanEncoder {
    private static final String PATH = "model.vqmodel";

    private final VqGanConfig config;
    private final Weights weights;

    /** @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over */
    VqGanEncoder(VqGanConfig config, Weights weights) {
        this.config = config;
        this.weights = weights;
        checkWeights();
    }

    /** Writes the whole network down once, for the smallest picture, to learn which weights it asks for. */
    private void checkWeights() {
        GraphBuilder graph = new GraphBuilder();
        Parameters parameters = new Parameters(weights);
        int size = config.pixelsPerCode();
        latent(graph, graph.input("pixels", TensorType.f32(1, VqGanConfig.COLOURS, size, size)), parameters);
        codebook(graph, parameters);
        parameters.check(name -> name.startsWith(PATH + ".encoder.") || name.startsWith(PATH + ".quant_conv.")
                || name.startsWith(PATH + ".quantize."));
    }

    Node latent(GraphBuilder graph, Node pixels) {
        return latent(graph, pixels, new Parameters(weights));
    }

    /** Shapes for pixels (n, 3, h, w); each level but the last halves height and width, so d = 2^(levels − 1). */
    private Node latent(GraphBuilder graph, Node pixels, Parameters parameters) {
        VqGan gan = new VqGan(graph);
        Parameters encoder = parameters.at(PATH).at("encoder");
        Node x = gan.convolve(encoder.at("conv_in"), pixels, config.baseChannels(), 3);       // (n, baseChannels, h, w)
        graph.name("vq.enc.conv_in", x);
        for (int level = 0; level < config.levels(); level++) {
            Parameters down = encoder.at("down").at(level);
            x = gan.level(down, x, config, level, config.blocks());
            if (level < config.levels() - 1) {
                x = gan.downsample(down, x);
            }
            graph.name("vq.enc.down." + level, x);
        }
        x = gan.middle(encoder.at("mid"), x, config, "vq.enc.mid");                           // (n, channels, h / d, w / d)
        x = graph.name("vq.enc.out", gan.last(encoder, x, config.latentChannels()));          // (n, latentChannels, …)
        x = gan.convolve(parameters.at(PATH).at("quant_conv"), x, config.codeSize(), 1);      // (n, codeSize, …)
        return graph.name("vq.enc.latent", x);
    }

    /** (codes, codeSize). */
    Node codebook(GraphBuilder graph) {
        return codebook(graph, new Parameters(weights));
    }

    private Node codebook(GraphBuilder graph, Parameters parameters) {
        return parameters.at(PATH).get(graph, "quantize.embedding.weight", config.codes(), config.codeSize());
    }
}
