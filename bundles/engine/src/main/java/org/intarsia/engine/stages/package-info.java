/**
 * A model whose layers are computed by several hosts, one stage after the other.
 *
 * <p>Begin with {@link org.intarsia.engine.stages.Stage}: some layers of a model with their keys and values. The engine of a host opens
 * one by {@link org.intarsia.engine.api.Model#stage}; {@link org.intarsia.engine.stages.StageHosts}, a service, reaches those of other
 * hosts. Whoever has the prompt computes the first layers, the heads and all that is chosen of them, so tokens never leave it: between
 * hosts goes the residual stream alone. {@link org.intarsia.engine.stages.LayerSplit} says how many layers each host gets.
 *
 * <p>A stage may be lost at any time ({@link org.intarsia.engine.stages.StageLostException}). Nothing is lost with it, since the tokens
 * are the only state: the layers are divided among the hosts that are left, and the tokens are read again.
 */
@Export
@Version("1.0.0")
package org.intarsia.engine.stages;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
