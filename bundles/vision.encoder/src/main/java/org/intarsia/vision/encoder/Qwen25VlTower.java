package org.intarsia.vision.encoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Conv2d.Window;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.VisionTower;
import org.intarsia.model.blocks.AxialRotary;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.weights.Parameters;
import org.intarsia.weights.Weights;

/**
 * The vision transformer of Qwen2.5-VL (Bai et al., 2025; {@code Qwen2_5_VisionTransformerPretrainedModel} in transformers):
 * patches attend within windows, in some layers to the whole picture, are turned by row and column, and are merged by squares into
 * features. It names its intermediate values {@code vision.embeddings}, {@code vision.layer.0} and so on, {@code
 * vision.last_hidden_state}, {@code vision.merger.ln_q} and {@code vision.merger}; and of the first layer {@code
 * vision.layer0.norm1} and the like. As in the reference, patches stand there square by square; from the first layer to the last,
 * window by window.
 */
final class Qwen25VlTower implements VisionTower {
    private static final String PATH = "visual";
    private static final int COLOURS = 3;
    private static final int MOST_LAYERS = 1000;
    /** Of the norms; fixed in the reference. */
    private static final double EPSILON = 1e-6;
    private static final int TIME = 2;
    /** Edge in pixels of the picture that stands for those of any size. */
    private static final int USUAL = 1008;

    private final Config config;
    private final BoundedPreprocessor preprocessor;
    private final Weights weights;

    /**
     * The sizes, as {@code vision_config} in {@code config.json} gives them.
     *
     * @param layers     layers of the transformer
     * @param hidden     numbers in a patch
     * @param inner      width of the feed-forward layers
     * @param heads      heads of attention
     * @param patch      edge of a patch in pixels
     * @param frames     frames that a patch sees, of which a picture fills all
     * @param merged     patches along the edge of the square that becomes one feature
     * @param window     features along the edge of a window
     * @param full       numbers of the layers that attend to the whole picture
     * @param out        numbers in a feature
     * @param theta      base of the rotary frequencies
     */
    private record Config(int layers, int hidden, int inner, int heads, int patch, int frames, int merged, int window,
            Set<Integer> full, int out, double theta) {

        static Config read(ConfigFile file) {
            ConfigFile vision = file.at("vision_config");
            int patch = vision.size("patch_size", 14);
            int merged = vision.size("spatial_merge_size", 2);
            int pixels = vision.size("window_size", 112);
            Set<Integer> full = vision.numbers("fullatt_block_indexes", List.of(7.0, 15.0, 23.0, 31.0)).stream()
                    .map(Double::intValue).collect(Collectors.toCollection(TreeSet::new));
            Config read = new Config(vision.sizeUpTo(MOST_LAYERS, "depth", 32), vision.size("hidden_size", 3584),
                    vision.size("intermediate_size", 3420), vision.size("num_heads", 16), patch,
                    vision.size("temporal_patch_size", 2), merged, Math.max(1, pixels / merged / patch), full,
                    vision.size("out_hidden_size", 3584), theta(vision));
            if (pixels / merged / patch < 1) {
                vision.wrong("window_size", "should be at least patch_size times spatial_merge_size, which is " + merged * patch);
            }
            if (read.hidden % (4 * read.heads) != 0) {
                vision.wrong("hidden_size", "should be a multiple of four times num_heads, so that rows and columns turn half of a"
                        + " head each");
            }
            for (String channels : List.of("in_channels", "in_chans")) {
                if (vision.size(channels, COLOURS) != COLOURS) {
                    vision.wrong(channels, "should be 3, for red, green and blue");
                }
            }
            String activation = vision.text("hidden_act", "silu");
            if (!activation.equals("silu") && !activation.equals("swish")) {
                vision.wrong("hidden_act", "should be \"silu\", not \"" + activation + "\"");
            }
            int stream = file.at("text_config").size("hidden_size", 8192);
            if (read.out != stream) {
                vision.wrong("out_hidden_size", "should be text_config.hidden_size, which is " + stream);
            }
            return read;
        }

        private static double theta(ConfigFile vision) {
            if (!vision.isObject("rope_parameters")) {
                return 10000;
            }
            ConfigFile rope = vision.at("rope_parameters");
            if (!rope.text("rope_type", "axial").equals("axial")) {
                rope.wrong("rope_type", "should be \"axial\"");
            }
            return rope.positive("rope_theta", 10000);
        }

        int pixelsPerFeature() {
            return patch * merged;
        }

        /** Patches in a feature. */
        int unit() {
            return merged * merged;
        }

        int headDim() {
            return hidden / heads;
        }

        AxialRotary rotary() {
            List<Double> axis = AxialRotary.frequencies(theta, headDim() / 2).stream().map(Float::doubleValue).toList();
            List<Double> both = new ArrayList<>(axis);
            both.addAll(axis);
            return new AxialRotary(both, List.of(axis.size(), axis.size()));
        }
    }

    /**
     * What follows from the size of a picture.
     *
     * @param pictures  how many of them
     * @param columns   patches in a row
     * @param order     the order of the squares
     * @param numbers   for each place of a patch, its number in the picture, row by row
     * @param positions row and column of each patch, I32 (pictures, patches) each
     */
    private record Layout(int pictures, int columns, WindowOrder order, int[] numbers, List<Node> positions) {
        int patches() {
            return numbers.length;
        }
    }

    /**
     * Makes the tower.
     *
     * @throws ModelException                        when a configuration file is missing or wrong
     * @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over
     */
    Qwen25VlTower(ModelFiles files) {
        ConfigFile file = ConfigFile.read(files, "config.json");
        this.config = Config.read(file);
        this.preprocessor = BoundedPreprocessor.readQwen25Vl(files);
        int frames = ConfigFile.readPictureSettings(files).size("temporal_patch_size", 2);
        if (preprocessor.factor() != config.pixelsPerFeature()) {
            file.wrong("vision_config.patch_size", "times spatial_merge_size should be what preprocessor_config.json has, which is "
                    + preprocessor.factor());
        }
        if (frames != config.frames()) {
            file.wrong("vision_config.temporal_patch_size", "should be " + frames + ", as preprocessor_config.json has it");
        }
        file.check();
        this.weights = files.weights();
        checkWeights();
    }

    /** Writes the whole network down once, for the smallest picture, to learn which weights it asks for. */
    private void checkWeights() {
        GraphBuilder graph = new GraphBuilder();
        Parameters parameters = new Parameters(weights);
        int size = config.pixelsPerFeature();
        features(graph, graph.input("pixels", TensorType.f32(1, COLOURS, size, size)), parameters.at(PATH));
        parameters.check(name -> name.startsWith(PATH + "."));
    }

    @Override
    public int height() {
        return preprocessor.size(USUAL, USUAL).height();
    }

    @Override
    public int width() {
        return preprocessor.size(USUAL, USUAL).width();
    }

    @Override
    public int pixelsPerFeature() {
        return config.pixelsPerFeature();
    }

    @Override
    public Image fit(Image image) {
        Image fitted = preprocessor.fit(image);
        check(fitted.height(), fitted.width());
        return fitted;
    }

    private void check(long height, long width) {
        int side = config.pixelsPerFeature();
        if (height % side != 0 || width % side != 0) {
            throw new ModelException("the vision tower sees pictures whose edges are multiples of " + side + " pixels, not one of "
                    + width + " × " + height + ": bring it to such a size, or let preprocessor_config.json resize (do_resize)");
        }
    }

    @Override
    public float[] pixels(Image fitted) {
        return preprocessor.pixels(fitted);
    }

    @Override
    public Node features(GraphBuilder graph, Node pixels) {
        check(pixels.shape().size(2), pixels.shape().size(3));
        return features(graph, pixels, new Parameters(weights).at(PATH));
    }

    /** Shapes for pixels (n, 3, h, w), which are P patches each. */
    private Node features(GraphBuilder graph, Node pixels, Parameters tower) {
        Layout layout = layout(graph, pixels.shape());
        Node x = embed(graph, pixels, tower.at("patch_embed.proj"), layout);
        for (int layer = 0; layer < config.layers(); layer++) {
            x = layer(graph, x, tower.at("blocks").at(layer), layer, layout);
            name(graph, "vision.layer." + layer, x, layout);
        }
        name(graph, "vision.last_hidden_state", x, layout);
        return graph.name("vision.merger", merge(graph, x, tower.at("merger"), layout));      // (n, features, out)
    }

    private Layout layout(GraphBuilder graph, Shape pixels) {
        int pictures = Math.toIntExact(pixels.size(0));
        int rows = Math.toIntExact(pixels.size(2) / config.pixelsPerFeature());
        int columns = Math.toIntExact(pixels.size(3) / config.pixelsPerFeature());
        WindowOrder order = WindowOrder.of(rows, columns, config.window());
        int patches = columns * config.merged();
        int unit = config.unit();
        int[] numbers = IntStream.range(0, rows * columns * unit)
                .map(place -> number(order.units()[place / unit] * unit + place % unit, patches)).toArray();
        List<Node> positions = List.of(constant(graph, pictures, numbers.length, place -> numbers[place] / patches),
                constant(graph, pictures, numbers.length, place -> numbers[place] % patches));
        return new Layout(pictures, patches, order, numbers, positions);
    }

    /** The same values for each picture: I32 (pictures, count). */
    private static Node constant(GraphBuilder graph, int pictures, int count, IntUnaryOperator values) {
        return graph.constant(TensorType.i32(pictures, count),
                IntStream.range(0, pictures * count).map(i -> values.applyAsInt(i % count)).asDoubleStream().toArray());
    }

    private Node embed(GraphBuilder graph, Node pixels, Parameters projection, Layout layout) {
        int patch = config.patch();
        int hidden = config.hidden();
        // A picture stands still, so all frames of a patch are one, and its weights can be summed beforehand.
        Node clip = graph.computed(projection.get(graph, "weight", hidden, COLOURS, config.frames(), patch, patch));
        Node weight = graph.reshape(graph.sum(clip, TIME), Shape.of(hidden, COLOURS, patch, patch));
        Node map = graph.conv2d(pixels, weight, new Window(patch, 0, 0, 0, 0));               // (n, hidden, h / patch, w / patch)
        Shape table = Shape.of((long) layout.pictures() * layout.patches(), hidden);
        Node rows = graph.reshape(graph.permute(map, 0, 2, 3, 1), table);
        graph.name("vision.embeddings", gathered(graph, rows, layout, layout.patches(), place -> number(place, layout.columns())));
        return gathered(graph, rows, layout, layout.patches(), place -> layout.numbers()[place]); // (n, P, hidden)
    }

    /** The number in the picture, row by row, of a patch that stands square by square. */
    private int number(int place, int columns) {
        int unit = place / config.unit();
        int inUnit = place % config.unit();
        int unitColumns = columns / config.merged();
        return (unit / unitColumns * config.merged() + inUnit / config.merged()) * columns
                + unit % unitColumns * config.merged() + inUnit % config.merged();
    }

    /** Rows of a table (n · count, width) in another order within each picture: (n, count, width). */
    private static Node gathered(GraphBuilder graph, Node table, Layout layout, int count, IntUnaryOperator order) {
        double[] indices = IntStream.range(0, layout.pictures() * count)
                .map(i -> i / count * count + order.applyAsInt(i % count)).asDoubleStream().toArray();
        return graph.gather(table, graph.constant(TensorType.i32(layout.pictures(), count), indices));
    }

    /** Names values (n, P, width) in the order of the reference. */
    private void name(GraphBuilder graph, String name, Node x, Layout layout) {
        int unit = config.unit();
        Node table = graph.reshape(x, Shape.of((long) layout.pictures() * layout.patches(), x.shape().size(2)));
        graph.name(name, gathered(graph, table, layout, layout.patches(),
                place -> layout.order().asked()[place / unit] * unit + place % unit));
    }

    private Node layer(GraphBuilder graph, Node x, Parameters layer, int number, Layout layout) {
        Node first = norm(graph, layer.at("norm1"), x);
        Node attended = attend(graph, first, layer.at("attn"), config.full().contains(number), layout);
        Node middle = graph.add(x, attended);
        Node second = norm(graph, layer.at("norm2"), middle);
        Parameters mlp = layer.at("mlp");
        Node gated = graph.swiGlu(linear(graph, mlp.at("gate_proj"), second, config.inner()),
                linear(graph, mlp.at("up_proj"), second, config.inner()));
        Node fed = linear(graph, mlp.at("down_proj"), gated, config.hidden());
        if (number == 0) {
            name(graph, "vision.layer0.norm1", first, layout);
            name(graph, "vision.layer0.attn", attended, layout);
            name(graph, "vision.layer0.norm2", second, layout);
            name(graph, "vision.layer0.mlp", fed, layout);
        }
        return graph.add(middle, fed);
    }

    private Node attend(GraphBuilder graph, Node x, Parameters attention, boolean whole, Layout layout) {
        int hidden = config.hidden();
        Node all = linear(graph, attention.at("qkv"), x, 3L * hidden);                        // (n, P, 3 · hidden)
        Shape heads = Shape.of(layout.pictures(), layout.patches(), config.heads(), config.headDim());
        AxialRotary rotary = config.rotary();
        Node q = rotary.turn(graph, graph.reshape(graph.slice(all, 2, 0, hidden), heads), layout.positions());
        Node k = rotary.turn(graph, graph.reshape(graph.slice(all, 2, hidden, 2L * hidden), heads), layout.positions());
        Node v = graph.reshape(graph.slice(all, 2, 2L * hidden, 3L * hidden), heads);
        double scale = 1 / Math.sqrt(config.headDim());
        Node mixed = whole ? graph.attention(q, k, v, scale) : inWindows(graph, q, k, v, scale, layout);
        return linear(graph, attention.at("proj"), graph.reshape(mixed, x.shape()), hidden);
    }

    /** Attention within windows: those of one size are sequences of one batch. */
    private Node inWindows(GraphBuilder graph, Node q, Node k, Node v, double scale, Layout layout) {
        List<Node> mixed = new ArrayList<>();
        long first = 0;
        for (WindowOrder.Group group : layout.order().groups()) {
            long size = (long) group.size() * config.unit();
            long begin = first;
            long end = begin + group.windows() * size;
            Shape windows = Shape.of((long) layout.pictures() * group.windows(), size, config.heads(), config.headDim());
            List<Node> parts = List.of(q, k, v).stream().map(x -> graph.reshape(graph.slice(x, 1, begin, end), windows)).toList();
            Node attended = graph.attention(parts.get(0), parts.get(1), parts.get(2), scale);
            mixed.add(graph.reshape(attended, Shape.of(layout.pictures(), end - begin, config.heads(), config.headDim())));
            first = end;
        }
        return mixed.size() == 1 ? mixed.getFirst() : graph.concat(1, mixed.toArray(Node[]::new));
    }

    private Node merge(GraphBuilder graph, Node x, Parameters merger, Layout layout) {
        int features = layout.patches() / config.unit();
        long width = (long) config.unit() * config.hidden();
        Node normal = norm(graph, merger.at("ln_q"), x);
        name(graph, "vision.merger.ln_q", normal, layout);
        Node units = graph.reshape(normal, Shape.of((long) layout.pictures() * features, width));
        Node wide = graph.exactGelu(linear(graph, merger.at("mlp").at(0), units, width));
        Node merged = linear(graph, merger.at("mlp").at(2), wide, config.out());
        return gathered(graph, merged, layout, features, unit -> layout.order().places()[unit]);
    }

    private Node norm(GraphBuilder graph, Parameters path, Node x) {
        return graph.rmsNorm(x, path.get(graph, "weight", config.hidden()), EPSILON);
    }

    private static Node linear(GraphBuilder graph, Parameters layer, Node x, long out) {
        return graph.add(layer.linear(graph, x, out), layer.get(graph, "bias", out));
    }
}
