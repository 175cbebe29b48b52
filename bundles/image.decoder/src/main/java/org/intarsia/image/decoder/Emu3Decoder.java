package org.intarsia.image.decoder;

import java.util.List;
import java.util.stream.Stream;
import org.intarsia.graph.Dim;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.Emu3Blocks;
import org.intarsia.model.blocks.Emu3Config;
import org.intarsia.model.blocks.VqGan;
import org.intarsia.model.blocks.VqGanConfig;
import org.intarsia.weights.Parameters;
import org.intarsia.weights.Weights;

/**
 * The decoder of Emu3's vision tokenizer, which makes a clip of several frames; the first is the picture. It names its
 * intermediate values {@code vq.dec.post_quant_conv}, {@code vq.dec.time_res.0} and so on, {@code vq.dec.time_conv.0} and
 * so on, where what the codes became stands before the codes themselves, {@code vq.dec.conv_in}, {@code vq.dec.mid},
 * {@code vq.dec.up} and {@code vq.dec.pixels}.
 */
final class Emu3Decoder implements ImageDecoder {
    private static final String PATH = "vqmodel";
    private static final String GENERATION = "generation_config.json";
    /** Pixels of a picture that the published processor asks for. */
    private static final double AREA = 720 * 720;
    private static final int MOST_PIXELS = 1024 * 1024;

    private final Emu3Config config;
    private final int rows;
    private final int columns;
    private final Weights weights;

    /**
     * Makes the decoder.
     *
     * @throws org.intarsia.model.api.ModelException    when a configuration file is missing or wrong
     * @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over
     */
    Emu3Decoder(ModelFiles files) {
        ConfigFile file = ConfigFile.read(files, "config.json");
        this.config = Emu3Config.read(file);
        file.check();
        int side = side(files);
        ConfigFile picture = null;
        if (files.json(GENERATION).isPresent()) {
            ConfigFile generation = ConfigFile.read(files, GENERATION);
            // A field of our own, for models that were trained on pictures of another size.
            picture = generation.isObject("intarsia") && generation.at("intarsia").isObject("picture")
                    ? generation.at("intarsia").at("picture") : null;
        }
        this.rows = picture == null ? side : codes(picture, "height");
        this.columns = picture == null ? side : codes(picture, "width");
        if (picture != null) {
            picture.check();
        }
        this.weights = files.weights();
        checkWeights();
    }

    /** Rows of a square picture as the published processor asks for, as far as the preprocessor allows such pictures. */
    private int side(ModelFiles files) {
        int most = MOST_PIXELS;
        if (ConfigFile.hasPictureSettings(files)) {
            ConfigFile preprocessor = ConfigFile.readPictureSettings(files);
            most = preprocessor.size("max_pixels", MOST_PIXELS);
            preprocessor.check();
        }
        double codes = Math.sqrt(Math.min(AREA, most)) / pixelsPerCode();
        return Math.max(1, (int) (most < AREA ? Math.floor(codes) : Math.rint(codes)));
    }

    private int codes(ConfigFile picture, String edge) {
        int pixels = picture.size(edge);
        if (pixels % pixelsPerCode() != 0) {
            picture.wrong(edge, "should be a multiple of " + pixelsPerCode() + ", the pixels that one code stands for");
        }
        return pixels / pixelsPerCode();
    }

    /** Writes the whole network down once, for a single code, to learn which weights it asks for. */
    private void checkWeights() {
        GraphBuilder graph = new GraphBuilder();
        Parameters parameters = new Parameters(weights);
        Node code = embed(graph, graph.input("codes", TensorType.i32(1, 1)), 1, 1, parameters);
        pixels(graph, code, parameters);
        parameters.check(name -> (name.startsWith(PATH + ".decoder.") || name.startsWith(PATH + ".post_quant_conv."))
                && !name.endsWith(".num_batches_tracked"));
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
        return config.spatial().pixelsPerCode();
    }

    @Override
    public Node embed(GraphBuilder graph, Node codes, int rows, int columns) {
        return embed(graph, codes, rows, columns, new Parameters(weights));
    }

    private Node embed(GraphBuilder graph, Node codes, int rows, int columns, Parameters parameters) {
        int codeSize = config.spatial().codeSize();
        Node codebook = parameters.at(PATH).get(graph, "quantize.embedding.weight", config.spatial().codes(), codeSize);
        Shape map = Shape.of(codes.shape().dim(0), Dim.fixed(rows), Dim.fixed(columns), Dim.fixed(codeSize));
        return graph.permute(graph.reshape(graph.gather(codebook, codes), map), 0, 3, 1, 2);  // (n, codeSize, rows, columns)
    }

    @Override
    public Node pixels(GraphBuilder graph, Node latent) {
        return pixels(graph, latent, new Parameters(weights));
    }

    private Node pixels(GraphBuilder graph, Node latent, Parameters parameters) {
        Parameters decoder = parameters.at(PATH).at("decoder");
        Emu3Blocks time = new Emu3Blocks(graph, config);
        List<Node> clip = time.convolve(parameters.at(PATH).at("post_quant_conv"), List.of(latent), 3, 1, 1);
        graph.name("vq.dec.post_quant_conv", time.stack(clip));                               // (n, codeSize, 1, rows, columns)
        clip = List.of(graph.concat(0, clip.getFirst(), latent));                             // (2 · n, codeSize, rows, columns)
        for (int block = 0; block < config.spatial().blocks(); block++) {
            clip = time.residual(decoder.at("time_res_stack").at(block), clip);
            graph.name("vq.dec.time_res." + block, time.stack(clip));
        }
        for (int doubling = 0; doubling < config.halvings(); doubling++) {
            List<Node> twice = clip.stream().flatMap(frame -> Stream.of(frame, frame)).toList();
            clip = time.convolve(decoder.at("time_conv").at(doubling).at("conv"), twice, 3, 3, 1);
            graph.name("vq.dec.time_conv." + doubling, time.stack(clip));
            clip = time.swish(clip);
        }
        // No frame sees a later one, so the first can be had alone.
        Node first = clip.getFirst();
        long pictures = latent.shape().size(0);
        return picture(graph, graph.slice(first, 0, 0, pictures), graph.slice(first, 0, pictures, 2 * pictures), decoder);
    }

    /** One frame: x and quantised (n, codeSize, rows, columns) → (n, 3, h, w). */
    private Node picture(GraphBuilder graph, Node x, Node quantised, Parameters decoder) {
        Emu3Blocks blocks = new Emu3Blocks(graph, config, quantised);
        VqGan gan = blocks.gan();
        VqGanConfig spatial = config.spatial();
        int lowest = spatial.levels() - 1;
        x = graph.name("vq.dec.conv_in", gan.convolve(decoder.at("conv_in"), x, spatial.channels(lowest), 3));
        x = graph.name("vq.dec.mid", blocks.middle(decoder.at("middle_block"), x));
        for (int level = lowest; level >= 0; level--) {
            Parameters up = decoder.at("up_block.up").at(level);
            x = blocks.level(up, x, level, spatial.blocks() + 1);
            if (level > 0) {
                x = gan.upsample(up, x);
            }
        }
        graph.name("vq.dec.up", x);
        return graph.name("vq.dec.pixels", gan.last(decoder, x, VqGanConfig.COLOURS));
    }
}
