package org.intarsia.engine;

import java.util.Arrays;
import java.util.Map;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.VisionEncoder;

/**
 * Pictures ↔ codes, with a plan for each way that is compiled when first needed. Use it inside {@link Registry#using};
 * safe for use by several threads, of which one runs at a time.
 */
final class Pictures {
    private static final String PIXELS = "pixels";
    private static final String CODES = "codes";
    /** What stands where no code is known yet: a grey that no painter uses. */
    private static final byte UNKNOWN = (byte) 128;

    private final Components components;
    private final Compute compute;
    private final String model;
    private Plan encoding;
    private Plan decoding;

    Pictures(Components components, Compute compute, String model) {
        this.components = components;
        this.compute = compute;
        this.model = model;
    }

    /** How many codes make a picture that is asked for. */
    int codes() {
        return components.decoder().rows() * components.decoder().columns();
    }

    /** The codes of a picture, row by row. */
    synchronized int[] encode(Image picture) {
        VisionEncoder encoder = components.encoder();
        if (encoding == null) {
            GraphBuilder graph = new GraphBuilder();
            Node pixels = graph.input(PIXELS, TensorType.f32(1, 3, encoder.height(), encoder.width()));
            Node codes = encoder.quantize(graph, encoder.latent(graph, pixels));
            encoding = compute.compile(graph.build(Map.of(CODES, codes)), Map.of());
        }
        encoding.input(PIXELS).write(encoder.preprocess(picture));
        encoding.run();
        int places = encoder.height() / encoder.pixelsPerCode() * (encoder.width() / encoder.pixelsPerCode());
        return encoding.output(CODES).ints(places);
    }

    /** The picture of codes, as many as {@link #codes}. */
    synchronized Image decode(int[] codes) {
        ImageDecoder decoder = components.decoder();
        if (codes.length != codes()) {
            throw new ModelException("a picture of model " + model + " has " + codes() + " codes, not " + codes.length);
        }
        int rows = decoder.rows();
        int columns = decoder.columns();
        if (decoding == null) {
            GraphBuilder graph = new GraphBuilder();
            Node input = graph.input(CODES, TensorType.i32(1, (long) rows * columns));
            Node pixels = decoder.pixels(graph, decoder.embed(graph, input, rows, columns));
            decoding = compute.compile(graph.build(Map.of(PIXELS, pixels)), Map.of());
        }
        int height = rows * decoder.pixelsPerCode();
        int width = columns * decoder.pixelsPerCode();
        decoding.input(CODES).write(codes);
        decoding.run();
        return decoder.picture(decoding.output(PIXELS).floats(3 * height * width), height, width);
    }

    /** The picture of the first codes; grey where the others will be. */
    Image preview(int[] begun) {
        Image whole = decode(Arrays.copyOf(begun, codes()));
        int side = components.decoder().pixelsPerCode();
        int columns = components.decoder().columns();
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
        if (encoding != null) {
            encoding.close();
        }
        if (decoding != null) {
            decoding.close();
        }
        encoding = null;
        decoding = null;
    }
}
