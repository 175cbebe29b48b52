package org.intarsia.training.stages;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.intarsia.graph.Gradients;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.ImageDecoder;

/**
 * The graphs that train an image tokenizer: pictures go through encoder, quantiser and decoder, and should come out
 * again.
 *
 * <p>Which codes a picture has is given, see {@code codes.BlockCodes}: the encoder learns to give them as a classifier does, and
 * the decoder learns to paint them. Both train the codebook, so that codes which look alike may lie close together.
 */
public final class ImageTokenizerGraphs {
    private final CodebookEncoder encoder;
    private final ImageDecoder decoder;
    private final Function<GraphBuilder, Node> codebook;

    /** @param codebook makes the table of codes: (codes, codeSize) */
    public ImageTokenizerGraphs(CodebookEncoder encoder, ImageDecoder decoder, Function<GraphBuilder, Node> codebook) {
        this.encoder = encoder;
        this.decoder = decoder;
        this.codebook = codebook;
    }

    /**
     * Encoder, codebook and decoder together.
     *
     * <p>Inputs: {@code pixels} (batch, 3, h, w); {@code weight} (batch, 1, h, w), which sums to 1 over all workers; and
     * {@code codes} I32 (batch, rows · columns).
     *
     * @param codeWeight weight of the encoder's loss: the cross-entropy of the right code, nearer codes being likelier
     */
    Graph whole(int batch, double codeWeight, int workers) {
        Drawing drawing = new Drawing(batch);
        GraphBuilder g = drawing.graph;
        Node latent = encoder.latent(g, drawing.pixels);
        long places = drawing.codes.shape().elements();
        Node rows = g.reshape(g.permute(latent, 0, 2, 3, 1), Shape.of(places, latent.shape().size(1)));
        Node length = g.reshape(g.sum(g.mul(drawing.table, drawing.table), 1), Shape.of(1, encoder.codes()));
        // −|x − c|² up to |x|², which all codes share.
        Node nearness = g.sub(g.mul(g.linear(rows, drawing.table), g.scalar(2)), length);
        Node wrong = g.sum(g.crossEntropy(nearness, g.reshape(drawing.codes, Shape.of(places)), 0), 0);
        Node ofCodes = g.mul(g.reshape(wrong, Shape.SCALAR), g.scalar(codeWeight / (places * workers)));
        return differentiate(g, g.add(drawing.loss, ofCodes), weight -> true);
    }

    /** The decoder alone, with the same inputs. */
    Graph decoderAlone(int batch) {
        Drawing drawing = new Drawing(batch);
        return differentiate(drawing.graph, drawing.loss, ImageTokenizerGraphs::ofDecoder);
    }

    /** Codes drawn by the decoder, and how far that is from the picture. */
    private final class Drawing {
        final GraphBuilder graph = new GraphBuilder();
        final Node pixels;
        final Node codes;
        final Node table;
        final Node loss;

        Drawing(int batch) {
            int rows = encoder.height() / encoder.pixelsPerCode();
            int columns = encoder.width() / encoder.pixelsPerCode();
            pixels = graph.input("pixels", TensorType.f32(batch, 3, encoder.height(), encoder.width()));
            Node weight = graph.input("weight", TensorType.f32(batch, 1, encoder.height(), encoder.width()));
            codes = graph.input("codes", TensorType.i32(batch, (long) rows * columns));
            table = codebook.apply(graph);
            Shape map = Shape.of(batch, rows, columns, table.shape().size(1));
            Node drawn = graph.permute(graph.reshape(graph.gather(table, codes), map), 0, 3, 1, 2);
            loss = difference(graph, decoder.pixels(graph, drawn), pixels, weight);
        }
    }

    /** Pictures to codes: input {@code pixels} (batch, 3, h, w), output {@code codes} I32 (batch, rows · columns). */
    public static Graph encode(CodebookEncoder encoder, int batch) {
        GraphBuilder g = new GraphBuilder();
        Node pixels = g.input("pixels", TensorType.f32(batch, 3, encoder.height(), encoder.width()));
        return g.build(Map.of("codes", encoder.quantize(g, encoder.latent(g, pixels))));
    }

    /** Weighted sum of |d| + d² over all elements, d being the difference; the colours share a pixel's weight. */
    private static Node difference(GraphBuilder g, Node made, Node wanted, Node weight) {
        Node d = g.sub(made, wanted);
        Node both = g.add(g.max(d, g.neg(d)), g.mul(d, d));
        Node weighted = g.mul(g.mul(both, weight), g.scalar(1.0 / 3));
        return g.reshape(g.sum(weighted, 0, 1, 2, 3), Shape.SCALAR);
    }

    /** The loss and its gradients by the parameters that {@code which} picks. */
    private static Graph differentiate(GraphBuilder g, Node loss, Predicate<String> which) {
        List<String> names = g.parameters().keySet().stream().filter(which).toList();
        List<Node> gradients = Gradients.of(g, loss, names.stream().map(g.parameters()::get).toList());
        Map<String, Node> outputs = new LinkedHashMap<>();
        outputs.put("loss", loss);
        for (int i = 0; i < names.size(); i++) {
            outputs.put("gradient." + names.get(i), gradients.get(i));
        }
        return g.build(outputs);
    }

    /** Which weights the decoder alone trains. */
    public static boolean ofDecoder(String weight) {
        return weight.contains(".decoder.") || weight.contains("post_quant_conv");
    }

    /** Which weights encoder and decoder together train. */
    public static boolean ofImageTokenizer(String weight) {
        return weight.contains("vqmodel");
    }
}
