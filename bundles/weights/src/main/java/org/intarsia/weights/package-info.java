/**
 * Named tensors from safetensors and GGUF files, mapped into memory and used in place.
 *
 * <p>Begin with {@link org.intarsia.weights.Checkpoint}, which opens a file or a model directory;
 * {@link org.intarsia.weights.Weights} is what it gives; {@link org.intarsia.weights.Parameters} brings weights into a
 * graph and finds out which are missing or misshapen; {@link org.intarsia.weights.TensorWriter}
 * writes, {@link org.intarsia.weights.Safetensors} does both for a handful of tensors in memory.
 */
@Export
@Version("1.0.0")
package org.intarsia.weights;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
