package org.intarsia.model.api;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.osgi.annotation.versioning.ConsumerType;

/** Picture → values that stand in a token stream in place of embeddings. Safe for use by several threads. */
@ConsumerType
public interface VisionTower {

    /** Pixels F32 (n, 3, height, width), as {@link VisionEncoder#pixels} gives them → (n, places, hidden). */
    Node features(GraphBuilder graph, Node pixels);
}
