package org.intarsia.image.decoder;

import org.intarsia.graph.Dim;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.VqGan;
import org.intarsia.model.blocks.VqGanConfig;
import org.intarsia.weights.Parameters;
import org.intarsia.weights.Weights;

/**
 * The decoder of Chameleon's VQ-GAN. It names its intermediate values {@code vq.dec.post_quant_conv}, {@code
 * vq.dec.conv_in}, {@code vq.dec.mid.block_1} and so on, {@code vq.dec.up.2} down to {@code vq.dec.up.0}, which is the
 * highest resolution, and {@code vq.dec.pixels}.
 */
final class ChameleonDecoder implements ImageDecoder {
    static final String PATH = "model.vqmodel";
    private static final String PREPROCESSOR = "preprocessor_config.json";

    private final VqGanConfig config;
    private final int rows;
    private final int columns;
    private final Weights weights;

    /**
     * Makes the decoder.
     *
     * @throws org.intarsia.model.api.ModelException    when a configuration file is missing or wrong
     * @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over
     */
    ChameleonDecoder(ModelFiles files) {
        ConfigFile file = ConfigFile.read(files, "config.json");
        this.config = VqGanConfig.readChameleon(file);
        file.check();
        int height = file.at("vq_config").size("resolution", 512);
        int width = height;
        if (files.json(PREPROCESSOR).isPresent()) {
            // Pictures that come out have the size of those that go in, which need not be the nominal one.
            ConfigFile preprocessor = ConfigFile.read(files, PREPROCESSOR);
            height = preprocessor.at("crop_size").size("height");
            width = preprocessor.at("crop_size").size("width");
            preprocessor.check();
        }
        this.rows = height / config.pixelsPerCode();
        this.columns = width / config.pixelsPerCode();
        this.weights = files.weights();
        checkWeights();
    }

    /** Writes the whole network down once, for a single code, to learn which weights it asks for. */
    private void checkWeights() {
        GraphBuilder graph = new GraphBuilder();
        Parameters parameters = new Parameters(weights);
        Node code = embed(graph, graph.input("codes", TensorType.i32(1, 1)), 1, 1, parameters);
        pixels(graph, code, parameters);
        parameters.check(name -> name.startsWith(PATH + ".decoder.") || name.startsWith(PATH + ".post_quant_conv."));
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public int pixelsPerCode() {
        return config.pixelsPerCode();
    }

    @Override
    public Node embed(GraphBuilder graph, Node codes, int rows, int columns) {
        return embed(graph, codes, rows, columns, new Parameters(weights));
    }

    private Node embed(GraphBuilder graph, Node codes, int rows, int columns, Parameters parameters) {
        Node codebook = parameters.at(PATH).get(graph, "quantize.embedding.weight", config.codes(), config.codeSize());
        Dim pictures = codes.shape().dim(0);
        Node vectors = graph.gather(codebook, codes);                                         // (n, rows · columns, codeSize)
        Shape map = Shape.of(pictures, Dim.fixed(rows), Dim.fixed(columns), Dim.fixed(config.codeSize()));
        return graph.permute(graph.reshape(vectors, map), 0, 3, 1, 2);                        // (n, codeSize, rows, columns)
    }

    @Override
    public Node pixels(GraphBuilder graph, Node latent) {
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
            Parameters up = decoder.at("up").at(level);
            x = gan.level(up, x, config, level, config.blocks() + 1);
            if (level > 0) {
                x = gan.upsample(up, x);
            }
            graph.name("vq.dec.up." + level, x);
        }
        return graph.name("vq.dec.pixels", gan.last(decoder, x, VqGanConfig.COLOURS));        // (n, 3, h, w)
    }
}
