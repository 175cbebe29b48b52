package org.intarsia.vision.encoder;

import java.util.Collections;
import java.util.List;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.Emu3Blocks;
import org.intarsia.model.blocks.Emu3Config;
import org.intarsia.model.blocks.VqGan;
import org.intarsia.model.blocks.VqGanConfig;
import org.intarsia.vision.encoder.BoundedPreprocessor.Size;
import org.intarsia.weights.Parameters;
import org.intarsia.weights.Weights;

/**
 * The encoder of Emu3's vision tokenizer, which sees a picture as a clip that stands still. It names its intermediate
 * values {@code vq.enc.conv_in}, {@code vq.enc.down}, {@code vq.enc.mid} and {@code vq.enc.spatial_out}, of one frame;
 * {@code vq.enc.time_conv.0} and so on, {@code vq.enc.time_res.0} and so on, of all; {@code vq.enc.latent} and {@code
 * vq.enc.indices}.
 */
final class Emu3Encoder implements CodebookEncoder {
    private static final String PATH = "vqmodel";
    /** Edge of the square picture that the published processor asks the model for. */
    private static final int USUAL = 720;

    private final Emu3Config config;
    private final BoundedPreprocessor preprocessor;
    private final Weights weights;

    /**
     * Makes the encoder.
     *
     * @throws org.intarsia.model.api.ModelException    when a configuration file is missing or wrong
     * @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over
     */
    Emu3Encoder(ModelFiles files) {
        ConfigFile file = ConfigFile.read(files, "config.json");
        this.config = Emu3Config.read(file);
        this.preprocessor = BoundedPreprocessor.readEmu3(files);
        if (file.isSound() && (!preprocessor.resizes() || preprocessor.factor() % pixelsPerCode() != 0)) {
            file.wrong("vq_config.channel_multiplier", "makes a code of " + pixelsPerCode() + " × " + pixelsPerCode()
                    + " pixels, so preprocessor_config.json should resize pictures to multiples of that (spatial_factor)");
        }
        file.check();
        this.weights = files.weights();
        checkWeights();
    }

    /** Writes the whole network down once, for the smallest picture, to learn which weights it asks for. */
    private void checkWeights() {
        GraphBuilder graph = new GraphBuilder();
        Parameters parameters = new Parameters(weights);
        int size = pixelsPerCode();
        latent(graph, graph.input("pixels", TensorType.f32(1, VqGanConfig.COLOURS, size, size)), parameters);
        codebook(graph, parameters);
        parameters.check(name -> (name.startsWith(PATH + ".encoder.") || name.startsWith(PATH + ".quant_conv.")
                || name.startsWith(PATH + ".quantize.")) && !name.endsWith(".num_batches_tracked"));
    }

    private Size usual() {
        return preprocessor.size(USUAL, USUAL);
    }

    @Override
    public int height() {
        return usual().height();
    }

    @Override
    public int width() {
        return usual().width();
    }

    @Override
    public int pixelsPerCode() {
        return config.spatial().pixelsPerCode();
    }

    @Override
    public int codes() {
        return config.spatial().codes();
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
        Emu3Blocks blocks = new Emu3Blocks(graph, config);
        Parameters encoder = parameters.at(PATH).at("encoder");
        Node frame = graph.name("vq.enc.spatial_out", frame(graph, pixels, encoder, blocks)); // (n, latentChannels, h / d, w / d)
        List<Node> clip = Collections.nCopies(config.frames(), frame);
        for (int halving = 0; halving < config.halvings(); halving++) {
            clip = blocks.convolve(encoder.at("time_conv").at(halving).at("conv"), clip, 4, 3, 2);
            graph.name("vq.enc.time_conv." + halving, blocks.stack(clip));
            clip = blocks.swish(clip);
        }
        for (int block = 0; block < config.spatial().blocks(); block++) {
            clip = blocks.residual(encoder.at("time_res_stack").at(block), clip);
            graph.name("vq.enc.time_res." + block, blocks.stack(clip));
        }
        clip = blocks.convolve(parameters.at(PATH).at("quant_conv"), clip, 3, 1, 1);
        return graph.name("vq.enc.latent", clip.getFirst());                                  // (n, codeSize, h / d, w / d)
    }

    private Node frame(GraphBuilder graph, Node pixels, Parameters encoder, Emu3Blocks blocks) {
        VqGan gan = blocks.gan();
        VqGanConfig spatial = config.spatial();
        Node x = graph.name("vq.enc.conv_in", gan.convolve(encoder.at("conv_in"), pixels, spatial.baseChannels(), 3));
        for (int level = 0; level < spatial.levels(); level++) {
            Parameters down = encoder.at("down_block.down").at(level);
            x = blocks.level(down, x, level, spatial.blocks());
            if (level < spatial.levels() - 1) {
                x = gan.downsample(down, x);
            }
        }
        graph.name("vq.enc.down", x);                                                         // (n, channels, h / d, w / d)
        x = graph.name("vq.enc.mid", blocks.middle(encoder.at("middle_block"), x));
        return gan.last(encoder, x, spatial.latentChannels());
    }

    @Override
    public Node codebook(GraphBuilder graph) {
        return codebook(graph, new Parameters(weights));
    }

    private Node codebook(GraphBuilder graph, Parameters parameters) {
        return parameters.at(PATH).get(graph, "quantize.embedding.weight", codes(), config.spatial().codeSize());
    }

    @Override
    public Node quantize(GraphBuilder graph, Node latent) {
        Shape shape = latent.shape();
        Node codes = CodebookEncoder.super.quantize(graph, latent);
        // The reference keeps the rows of a picture apart.
        graph.name("vq.enc.indices", graph.reshape(codes, shape.size(0) == 1 ? Shape.of(shape.size(2), shape.size(3))
                : Shape.of(shape.size(0), shape.size(2), shape.size(3))));
        return codes;
    }
}
