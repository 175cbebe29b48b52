package org.intarsia.vision.encoder;

import java.util.Optional;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.VisionEncoder;
import org.intarsia.model.api.VisionTower;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.UnitLength;
import org.intarsia.model.blocks.VqGan;
import org.intarsia.model.blocks.VqGanConfig;
import org.intarsia.weights.Parameters;
import org.intarsia.weights.Weights;

/**
 * Janus reads pictures by a {@link JanusTower}; the codes of those that it makes are those of a VQ-GAN, called VQ-16 there,
 * whose encoder this is. A code is found by direction alone, as the authors do it. It names its intermediate values {@code
 * vq.enc.conv_in}, {@code vq.enc.down.0} and so on, {@code vq.enc.mid}, {@code vq.enc.out}, {@code vq.enc.latent} and
 * {@code vq.enc.indices_l2norm}.
 */
final class JanusEncoder implements VisionEncoder {
    private static final String PATH = "model.vqmodel";

    private final VqGanConfig config;
    private final JanusPreprocessor preprocessor;
    private final JanusTower tower;
    private final Weights weights;

    /**
     * Makes the encoder.
     *
     * @throws org.intarsia.model.api.ModelException    when a configuration file is missing or wrong
     * @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over
     */
    JanusEncoder(ModelFiles files) {
        ConfigFile file = ConfigFile.read(files, "config.json");
        this.config = VqGanConfig.readJanus(file);
        JanusTower.Config vision = JanusTower.Config.read(file);
        this.preprocessor = JanusPreprocessor.read(files);
        if (preprocessor.size() != vision.size()) {
            file.wrong("vision_config.image_size", "should be " + preprocessor.size() + ", as preprocessor_config.json has it");
        }
        file.check();
        this.weights = files.weights();
        checkWeights();
        this.tower = new JanusTower(vision, weights);
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

    @Override
    public Optional<VisionTower> tower() {
        return Optional.of(tower);
    }

    @Override
    public int height() {
        return preprocessor.size();
    }

    @Override
    public int width() {
        return preprocessor.size();
    }

    @Override
    public int pixelsPerCode() {
        return config.pixelsPerCode();
    }

    @Override
    public int codes() {
        return config.codes();
    }

    @Override
    public Image fit(Image image) {
        return preprocessor.fit(image);
    }

    @Override
    public float[] pixels(Image fitted) {
        return preprocessor.pixels(fitted);
    }

    @Override
    public Node latent(GraphBuilder graph, Node pixels) {
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
        x = graph.name("vq.enc.mid", gan.middle(encoder.at("mid"), x, config, "vq.enc.mid")); // (n, channels, h / d, w / d)
        x = graph.name("vq.enc.out", gan.last(encoder, x, config.latentChannels()));          // (n, latentChannels, …)
        x = gan.convolve(parameters.at(PATH).at("quant_conv"), x, config.codeSize(), 1);      // (n, codeSize, …)
        return graph.name("vq.enc.latent", x);
    }

    @Override
    public Node codebook(GraphBuilder graph) {
        return codebook(graph, new Parameters(weights));
    }

    private Node codebook(GraphBuilder graph, Parameters parameters) {
        return parameters.at(PATH).get(graph, "quantize.embedding.weight", config.codes(), config.codeSize());
    }

    @Override
    public Node quantize(GraphBuilder graph, Node latent) {
        Shape shape = latent.shape();
        long places = shape.size(2) * shape.size(3);
        Node rows = graph.reshape(graph.permute(latent, 0, 2, 3, 1), Shape.of(shape.size(0) * places, shape.size(1)));
        Node codes = graph.nearestCode(UnitLength.of(graph, rows), UnitLength.of(graph, codebook(graph)));
        graph.name("vq.enc.indices_l2norm", codes);
        return graph.reshape(codes, Shape.of(shape.size(0), places));
    }
}
