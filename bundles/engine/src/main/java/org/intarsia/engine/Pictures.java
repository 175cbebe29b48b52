package org.intarsia.engine;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.StreamFormat.Codes;
import org.intarsia.model.api.VisionEncoder;
import org.intarsia.model.api.VisionTower;

/**
 * Pictures ↔ codes, and pictures → features, with a plan for each way and size that is compiled when first needed. Use it
 * inside {@link Registry#using}; safe for use by several threads, of which one runs at a time.
 */
final class Pictures {
    private static final String PIXELS = "pixels";
    private static final String CODES = "codes";
    private static final String FEATURES = "features";
    /** Where pictures come in many sizes, the plans of the latest ones are kept. */
    private static final int MOST_PLANS = 6;
    /** What stands where no code is known yet: a grey that no painter uses. */
    private static final byte UNKNOWN = (byte) 128;

    private final Components components;
    private final Compute compute;
    private final String model;
    /** The one that was used last stands last. */
    private final Map<Key, Plan> plans = new LinkedHashMap<>(16, 0.75f, true);

    /** What a plan does, and for pictures of which size. */
    private record Key(String result, int height, int width) {
    }

    Pictures(Components components, Compute compute, String model) {
        this.components = components;
        this.compute = compute;
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

    /** The codes of a picture that is asked for, in its rows and columns. */
    Codes grid(int[] codes) {
        return new Codes(rows(), columns(), codes);
    }

    /** How many codes make a picture that is asked for. */
    int codes() {
        return rows() * columns();
    }

    /** The codes of a picture. */
    synchronized Codes encode(Image picture) {
        VisionEncoder encoder = components.encoder();
        Image fitted = encoder.fit(picture);
        int rows = fitted.height() / encoder.pixelsPerCode();
        int columns = fitted.width() / encoder.pixelsPerCode();
        Plan plan = plan(new Key(CODES, rows, columns),
                graph -> encoder.quantize(graph, encoder.latent(graph, pixels(graph, fitted))));
        plan.input(PIXELS).write(encoder.pixels(fitted));
        plan.run();
        return new Codes(rows, columns, plan.output(CODES).ints(rows * columns));
    }

    /** What the vision tower makes of a picture: (places, hidden), row-major. */
    synchronized float[] features(Image picture) {
        VisionEncoder encoder = components.encoder();
        VisionTower tower = encoder.tower().orElseThrow(() -> new ModelException("model " + model
                + " has no vision tower, so it makes no features of pictures"));
        Image fitted = encoder.fit(picture);
        Plan plan = plan(new Key(FEATURES, fitted.height(), fitted.width()),
                graph -> tower.features(graph, pixels(graph, fitted)));
        plan.input(PIXELS).write(encoder.pixels(fitted));
        plan.run();
        return plan.output(FEATURES).floats(Math.toIntExact(plan.output(FEATURES).type().shape().elements()));
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
            plan = compute.compile(graph.build(Map.of(key.result(), network.apply(graph))), Map.of());
            plans.put(key, plan);
        }
        return plan;
    }

    /** The picture of codes, as many as {@link #codes}. */
    synchronized Image decode(int[] codes) {
        ImageDecoder decoder = components.decoder();
        if (codes.length != codes()) {
            throw new ModelException("a picture of model " + model + " has " + codes() + " codes, not " + codes.length);
        }
        int known = components.core().format().tokens().pictureIds().length;
        IntStream.of(codes).filter(code -> code < 0 || code >= known).findFirst().ifPresent(code -> {
            throw new ModelException("the codes of model " + model + " are 0 to " + (known - 1) + "; there is no code " + code);
        });
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

    /** The picture of the first codes; grey where the others will be. */
    Image preview(int[] begun) {
        Image whole = decode(Arrays.copyOf(begun, codes()));
        int side = components.decoder().pixelsPerCode();
        int columns = columns();
        byte[] rgb = whole.rgb().clone();
        for (int y = 0; y < whole.height(); y++) {
            for (int x = 0; x < whole.width(); x++) {
                if (y / side * columns + x / side >= begun.length) {
                    Arrays.fill(rgb, 3 * (y * whole.width() + x), 3 * (y * whole.width() + x) + 3, UNKNOWN);
                }
            }
        }
        return new Image(whole.width(), whole.height(), rgb);
    }

    /** Lets go of the plans. */
    synchronized void drop() {
        plans.values().forEach(Plan::close);
        plans.clear();
    }
}
