/**
 * Work on whole checkpoints of any size, piece by piece: what a command line does with weights.
 *
 * <p>Each tool is a class with one static method that gives a record: {@link org.intarsia.weights.tool.Inspection} looks,
 * {@link org.intarsia.weights.tool.Verification} checks, {@link org.intarsia.weights.tool.Comparison} compares,
 * {@link org.intarsia.weights.tool.Conversion} writes in another encoding, {@link
 * org.intarsia.weights.tool.Merge} adds adapters into weights. {@link org.intarsia.weights.tool.ProgressListener} hears
 * how far they are, and may end them.
 */
@Export
@Version("1.0.0")
package org.intarsia.weights.tool;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
