package org.intarsia.model.api;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.osgi.annotation.versioning.ConsumerType;

/** Picture → values that stand in a token stream in place of embeddings. Safe for use by several threads. */
@ConsumerType
public non-sealed interface VisionTower extends VisionEncoder {

    /** How many pixels, in each direction, one feature stands for. */
    int pixelsPerFeature();

    /**
     * The features of pictures of one size: pixels F32 (n, 3, h, w), as {@link #pixels} gives them → (n, places, hidden). Places
     * are the ⌊h / pixelsPerFeature⌋ rows of ⌊w / pixelsPerFeature⌋ features, one behind the other.
     *
     * @throws ModelException when the tower does not see pictures of such a size
     */
    Node features(GraphBuilder graph, Node pixels);
}
