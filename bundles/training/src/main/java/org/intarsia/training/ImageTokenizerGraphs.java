package org.intarsia.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Gradients;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.VisionEncoder;

/**
 * The graphs that train an image tokenizer: pictures go through encoder, quantiser and decoder, and should come out
 * again.
 *
 * <p>The gradient jumps over the quantiser (van den Oord et al., 2017): what arrives at the code is handed to the latent
 * value, which is also drawn to its code. The codebook itself is a lattice and stays as it is.
 */
final class ImageTokenizerGraphs {
    private ImageTokenizerGraphs() {
    }

    /**
     * Encoder and decoder together.
     *
     * <p>Inputs: {@code pixels} (batch, 3, h, w) and {@code weight} (batch, 1, h, w), which sums to 1 over all workers.
     */
    static Graph whole(VisionEncoder encoder, ImageDecoder decoder, int batch, double commitment, int workers) {
        GraphBuilder g = new GraphBuilder();
        int rows = encoder.height() / encoder.pixelsPerCode();
        int columns = encoder.width() / encoder.pixelsPerCode();
        Node pixels = g.input("pixels", TensorType.f32(batch, 3, encoder.height(), encoder.width()));
        Node weight = g.input("weight", TensorType.f32(batch, 1, encoder.height(), encoder.width()));
        Node latent = encoder.latent(g, pixels);
        Node code = decoder.embed(g, encoder.quantize(g, latent), rows, columns);
        Node loss = difference(g, decoder.pixels(g, code), pixels, weight);
        Map<String, Node> outputs = new LinkedHashMap<>();
        outputs.put("loss", loss);
        Node atCode = differentiate(g, Map.of(loss, g.scalar(1)), ImageTokenizerGraphs::ofDecoder, List.of(code), outputs)
                .getFirst();
        double pull = 2 * commitment / (latent.shape().elements() * workers);
        Node atLatent = g.add(atCode, g.mul(g.sub(latent, code), g.scalar(pull)));
        differentiate(g, Map.of(latent, atLatent), ImageTokenizerGraphs::ofEncoder, List.of(), outputs);
        return g.build(outputs);
    }

    /** The decoder alone: inputs {@code codes} I32 (batch, rows · columns), and {@code pixels} and {@code weight} as above. */
    static Graph decoderAlone(VisionEncoder encoder, ImageDecoder decoder, int batch) {
        GraphBuilder g = new GraphBuilder();
        int rows = encoder.height() / encoder.pixelsPerCode();
        int columns = encoder.width() / encoder.pixelsPerCode();
        Node pixels = g.input("pixels", TensorType.f32(batch, 3, encoder.height(), encoder.width()));
        Node weight = g.input("weight", TensorType.f32(batch, 1, encoder.height(), encoder.width()));
        Node codes = g.input("codes", TensorType.i32(batch, (long) rows * columns));
        Node loss = difference(g, decoder.pixels(g, decoder.embed(g, codes, rows, columns)), pixels, weight);
        Map<String, Node> outputs = new LinkedHashMap<>();
        outputs.put("loss", loss);
        differentiate(g, Map.of(loss, g.scalar(1)), ImageTokenizerGraphs::ofDecoder, List.of(), outputs);
        return g.build(outputs);
    }

    /** Pictures to codes: input {@code pixels} (batch, 3, h, w), output {@code codes} I32 (batch, rows · columns). */
    static Graph encode(VisionEncoder encoder, int batch) {
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

    /** Differentiates by the parameters that {@code which} picks, and adds the results to the outputs. */
    private static List<Node> differentiate(GraphBuilder g, Map<Node, Node> seeds, Predicate<String> which, List<Node> more,
            Map<String, Node> outputs) {
        List<String> names = g.parameters().keySet().stream().filter(which).toList();
        List<Node> wanted = new ArrayList<>(names.stream().map(g.parameters()::get).toList());
        wanted.addAll(more);
        List<Node> gradients = Gradients.of(g, seeds, wanted);
        for (int i = 0; i < names.size(); i++) {
            outputs.put("gradient." + names.get(i), gradients.get(i));
        }
        return gradients.subList(names.size(), gradients.size());
    }

    /** Which weights the decoder alone uses; the codebook is nobody's. */
    static boolean ofDecoder(String weight) {
        return weight.contains(".decoder.") || weight.contains("post_quant_conv");
    }

    static boolean ofEncoder(String weight) {
        return weight.contains(".encoder.") || weight.contains(".quant_conv");
    }
}
