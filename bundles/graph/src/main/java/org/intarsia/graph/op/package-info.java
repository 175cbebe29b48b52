/**
 * The ops. Core ops are {@link org.intarsia.graph.op.Leaf}, {@link org.intarsia.graph.op.Elementwise},
 * {@link org.intarsia.graph.op.Cast}, {@link org.intarsia.graph.op.Reduce}, {@link org.intarsia.graph.op.Move},
 * {@link org.intarsia.graph.op.Index}, {@link org.intarsia.graph.op.MatMul}, {@link org.intarsia.graph.op.Random} and
 * {@link org.intarsia.graph.op.Assign}; the others are fused and know their decomposition.
 *
 * <p>To add a fused op: write a record that implements {@link org.intarsia.graph.Op} with
 * {@link org.intarsia.graph.Op#decompose}, and a method in {@link org.intarsia.graph.GraphBuilder}. Every backend then
 * runs it, decomposed; give it a gradient rule or kernels of its own where a measurement shows that it pays.
 */
@Export
@Version("1.0.0")
package org.intarsia.graph.op;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
