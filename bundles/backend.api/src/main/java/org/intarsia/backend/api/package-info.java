/**
 * What a compute backend is. A backend is a bundle that registers a {@link org.intarsia.backend.api.Backend} service.
 *
 * <p>The way through: {@link org.intarsia.backend.api.Backend#open} gives a {@link org.intarsia.backend.api.Device};
 * the device makes {@link org.intarsia.backend.api.Buffer}s for weights and states and compiles a graph into a
 * {@link org.intarsia.backend.api.Plan}; the caller writes the plan's inputs, runs it, and reads its outputs.
 */
@Export
@Version("1.0.0")
package org.intarsia.backend.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
