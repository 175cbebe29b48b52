/**
 * What a model needs, told from its configuration alone, and checkpoints of random weights in its shape.
 *
 * <p>Begin with {@link org.intarsia.planning.api.Planner}, a service: it makes a
 * {@link org.intarsia.planning.api.Blueprint} of a {@code config.json}, and a {@link org.intarsia.planning.api.Forecast}
 * of that. Everything in a forecast is planned, nothing is measured: no weight is read, and none need exist.
 */
@Export
@Version("1.0.0")
package org.intarsia.planning.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
