package org.intarsia.engine.pipeline;

import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.intarsia.backend.api.Plan;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.engine.api.Redraw;
import org.intarsia.engine.registry.Registry;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.PromptFormat.Codes;
import org.intarsia.model.api.VisionTower;

/**
 * Pictures ↔ codes, and pictures → features, with a plan for each way and size that is compiled when first needed. Use it
 * inside {@link Registry#using}; safe for use by several threads, of which one runs at a time.
 */
public final class Pictures {
    private static final String PIXELS = "pixels";
    private static final String CODES = "codes";
    private static final String FEATURES = "features";
    /** Where pictures come in many sizes, the plans of the latest ones are kept. */
    private static final int MOST_PLANS = 6;
    /** What stands where no code is known yet: a grey that no painter uses. */
    private static final byte UNKNOWN = (byte) 128;

    private final Components components;
    private final DeviceBinding binding;
    private final String model;
    /** The one that was used last stands last. */
    private final Map<Key, Plan> plans = new LinkedHashMap<>(16, 0.75f, true);

    /** What a plan does, and for pictures of which size. */
    private record Key(String result, int height, int width) {
    }

    Pictures(Components components, DeviceBinding binding, String model) {
        this.components = components;
        this.binding = binding;
        this.model = model;
    }

    /** Rows of the codes of a picture that is asked for. */
    int rows() {
        return components.decoder().rows();
    }

    /** Codes in each row. */
    int columns() {
        return components.decoder().columns();
    }

    /** Returns the codes of a picture that is asked for, in its rows and columns. */
    public Codes grid(int[] codes) {
        return new Codes(rows(), columns(), codes);
    }

    /** Returns the number of codes of a picture that is asked for. */
    public int codes() {
        return rows() * columns();
    }

    /**
     * The cells of a picture that is asked for.
     *
     * @throws ModelException when the model makes no pictures
     */
    public PictureGrid grid() {
        if (known() == 0) {
            throw new ModelException("model " + model + " makes no pictures, so there are no cells");
        }
        int side = components.decoder().pixelsPerCode();
        return new PictureGrid(columns(), rows(), side, side);
    }

    /** Returns the number of different codes. */
    private int known() {
        return components.core().format().tokens().pictureIds().length;
    }

    /**
     * Checks that cells of a picture can be drawn anew.
     *
     * @throws ModelException when the picture has another size than those that are asked for, or has no such cell
     */
    public void check(Image picture, BitSet cells) {
        PictureGrid grid = grid();
        if (picture.width() != grid.width() || picture.height() != grid.height()) {
            throw new ModelException("the picture to draw anew has " + picture.width() + " × " + picture.height()
                    + " pixels, but model " + model + " makes pictures of " + grid.width() + " × " + grid.height()
                    + ": bring it to that size");
        }
        if (cells.length() > grid.cells()) {
            throw new ModelException("the cells of a picture of model " + model + " are 0 to " + (grid.cells() - 1) + ", "
                    + grid.columns() + " in each of " + grid.rows() + " rows; there is no cell " + (cells.length() - 1));
        }
    }

    /**
     * Checks a redraw before it begins.
     *
     * @throws ModelException as {@link #check(Image, BitSet)} does, and when the codes are not those of a whole picture
     */
    public void check(Redraw redraw) {
        check(redraw.picture(), redraw.cells());
        check(redraw.codes());
    }

    private void check(int[] codes) {
        if (codes.length != codes()) {
            throw new ModelException("a picture of model " + model + " has " + codes() + " codes, not " + codes.length);
        }
        int known = known();
        IntStream.of(codes).filter(code -> code < 0 || code >= known).findFirst().ifPresent(code -> {
            throw new ModelException("the codes of model " + model + " are 0 to " + (known - 1) + "; there is no code " + code);
        });
    }

    /**
     * The codes of a picture of the size that is asked for.
     *
     * @throws ModelException when the encoder sees it in another size
     */
    public int[] encodeWhole(Image picture) {
        Codes seen = encode(picture);
        if (seen.rows() != rows() || seen.columns() != columns()) {
            throw new ModelException("model " + model + " sees this picture as " + seen.rows() + " rows of " + seen.columns()
                    + " codes, but those that it makes have " + rows() + " of " + columns()
                    + ": hand in one that it made, with the record inside");
        }
        return seen.codes();
    }

    /** Returns the codes of a picture. */
    public synchronized Codes encode(Image picture) {
        if (!(components.encoder() instanceof CodebookEncoder encoder)) {
            throw new ModelException("model " + model + " sees pictures as features, so it has no codes of them");
        }
        Image fitted = encoder.fit(picture);
        int rows = fitted.height() / encoder.pixelsPerCode();
        int columns = fitted.width() / encoder.pixelsPerCode();
        Plan plan = plan(new Key(CODES, rows, columns),
                graph -> encoder.quantize(graph, encoder.latent(graph, pixels(graph, fitted))));
        plan.input(PIXELS).write(encoder.pixels(fitted));
        plan.run();
        return new Codes(rows, columns, plan.output(CODES).ints(rows * columns));
    }

    /** Returns the features that the vision tower computes of a picture. */
    public synchronized PromptFormat.Features features(Image picture) {
        if (!(components.encoder() instanceof VisionTower tower)) {
            throw new ModelException("model " + model + " has no vision tower, so it makes no features of pictures");
        }
        Image fitted = tower.fit(picture);
        Plan plan = plan(new Key(FEATURES, fitted.height(), fitted.width()),
                graph -> tower.features(graph, pixels(graph, fitted)));
        plan.input(PIXELS).write(tower.pixels(fitted));
        plan.run();
        return new PromptFormat.Features(fitted.height() / tower.pixelsPerFeature(), fitted.width() / tower.pixelsPerFeature(),
                plan.output(FEATURES).floats(Math.toIntExact(plan.output(FEATURES).type().shape().elements())));
    }

    private static Node pixels(GraphBuilder graph, Image fitted) {
        return graph.input(PIXELS, TensorType.f32(1, 3, fitted.height(), fitted.width()));
    }

    private Plan plan(Key key, Function<GraphBuilder, Node> network) {
        Plan plan = plans.get(key);
        if (plan == null) {
            while (plans.size() >= MOST_PLANS) {
                plans.remove(plans.keySet().iterator().next()).close();
            }
            GraphBuilder graph = new GraphBuilder();
            plan = binding.compile(graph.build(Map.of(key.result(), network.apply(graph))), components.presentation().weights(),
                    Map.of());
            plans.put(key, plan);
        }
        return plan;
    }

    /** Returns the picture of codes, as many as {@link #codes}. */
    public synchronized Image decode(int[] codes) {
        ImageDecoder decoder = components.decoder();
        check(codes);
        int rows = rows();
        int columns = columns();
        Plan plan = plan(new Key(PIXELS, rows, columns), graph -> {
            Node input = graph.input(CODES, TensorType.i32(1, (long) rows * columns));
            return decoder.pixels(graph, decoder.embed(graph, input, rows, columns));
        });
        int height = rows * decoder.pixelsPerCode();
        int width = columns * decoder.pixelsPerCode();
        plan.input(CODES).write(codes);
        plan.run();
        return decoder.picture(plan.output(PIXELS).floats(3 * height * width), height, width);
    }

    /** Returns the picture of all codes; of a redraw, the original with the cells that are drawn anew. */
    public Image whole(int[] codes, Optional<Redraw> redraw) {
        Image decoded = decode(codes);
        return redraw.map(original -> joined(original.picture(), decoded, original.cells())).orElse(decoded);
    }

    /** Returns the picture of the first codes, grey where the others will be. A redraw shows from the begin what it keeps. */
    public Image preview(int[] begun, Optional<Redraw> redraw) {
        int[] codes = redraw.map(Redraw::codes).orElseGet(() -> continued(begun));
        System.arraycopy(begun, 0, codes, 0, begun.length);
        BitSet missing = redraw.map(Redraw::cells).orElseGet(this::allCells);
        missing.clear(0, begun.length);
        Image whole = whole(codes, redraw);
        byte[] grey = new byte[whole.rgb().length];
        Arrays.fill(grey, UNKNOWN);
        return joined(whole, new Image(whole.width(), whole.height(), grey), missing);
    }

    /**
     * The first codes, and for the others those above them. A decoder normalises over the whole picture and attends to it, so any
     * code that stands for a missing one tinges those that are there; a likely one does least.
     */
    private int[] continued(int[] begun) {
        int[] codes = Arrays.copyOf(begun, codes());
        for (int i = begun.length; i < codes.length; i++) {
            codes[i] = codes[i >= columns() ? i - columns() : i - 1];
        }
        return codes;
    }

    private BitSet allCells() {
        BitSet cells = new BitSet();
        cells.set(0, codes());
        return cells;
    }

    /** A picture in which these cells are those of another one of the same size. */
    private Image joined(Image picture, Image other, BitSet cells) {
        int side = components.decoder().pixelsPerCode();
        int stride = 3 * picture.width();
        byte[] rgb = picture.rgb().clone();
        cells.stream().forEach(cell -> {
            int begin = cell / columns() * side * stride + cell % columns() * side * 3;
            for (int y = 0; y < side; y++) {
                System.arraycopy(other.rgb(), begin + y * stride, rgb, begin + y * stride, 3 * side);
            }
        });
        return new Image(picture.width(), picture.height(), rgb);
    }

    /** Lets go of the plans. */
    synchronized void drop() {
        plans.values().forEach(Plan::close);
        plans.clear();
    }
}
