/**
 * Computations as graphs: what a model computes, its gradients, and what every op means.
 *
 * <p>Begin with {@link org.intarsia.graph.GraphBuilder}, which has one method an op. {@link org.intarsia.graph.Graph} is
 * what comes out; {@link org.intarsia.graph.Gradients} adds the gradient of a loss as more nodes;
 * {@link org.intarsia.graph.Lowering} rewrites fused ops into those that a backend runs;
 * {@link org.intarsia.graph.MemoryPlan} lays the values out in one block; {@link org.intarsia.graph.Interpreter} computes
 * a graph in float64 and thereby defines it. {@link org.intarsia.graph.Blocks} knows what the bytes of block-quantised
 * weights mean. No thread, file or device appears here.
 */
@Export
@Version("1.0.0")
package org.intarsia.graph;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
