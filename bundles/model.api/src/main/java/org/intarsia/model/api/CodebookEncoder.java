package org.intarsia.model.api;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Picture → codes by vector quantisation (van den Oord et al., "Neural discrete representation learning", 2017). Safe for use
 * by several threads.
 */
@ConsumerType
public non-sealed interface CodebookEncoder extends VisionEncoder {

    /** How many pixels, in each direction, one code stands for. */
    int pixelsPerCode();

    /** How many different codes there are. */
    int codes();

    /**
     * The latent values before quantisation: pixels F32 (n, 3, h, w) → (n, codeSize, h / pixelsPerCode,
     * w / pixelsPerCode). Any picture size that is a multiple of {@link #pixelsPerCode} will do.
     */
    Node latent(GraphBuilder graph, Node pixels);

    /** The codebook as a parameter: (codes, codeSize). */
    Node codebook(GraphBuilder graph);

    /** The codes of latent values (n, codeSize, h, w), row by row: I32 (n, h · w). */
    default Node quantize(GraphBuilder graph, Node latent) {
        Shape shape = latent.shape();
        long places = shape.size(2) * shape.size(3);
        Node rows = graph.reshape(graph.permute(latent, 0, 2, 3, 1), Shape.of(shape.size(0) * places, shape.size(1)));
        return graph.reshape(graph.nearestCode(rows, codebook(graph)), Shape.of(shape.size(0), places));
    }
}
