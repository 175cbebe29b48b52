package org.intarsia.model.api;

import java.util.Optional;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Picture → codes by vector quantisation; and, in families that read pictures otherwise than they make them, picture →
 * features. Safe for use by several threads.
 */
@ConsumerType
public interface VisionEncoder extends PicturePreprocessor {

    /** The height and width in pixels of what {@link #fit} gives, where that is the same for all; else what is usual. */
    int height();

    int width();

    /** How many pixels, in each direction, one code stands for. */
    int pixelsPerCode();

    /** How many different codes there are. */
    int codes();

    /** What makes features of pictures; nothing where they enter streams as codes. */
    default Optional<VisionTower> tower() {
        return Optional.empty();
    }

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
