/**
 * What the components of a model are, and the factories that bundles register as services to provide them.
 *
 * <p>Begin with {@link org.intarsia.model.api.Part}, what goes in and comes out. A component describes its computation as
 * nodes of a graph, and does the work before and behind it (text, pixels) itself; it knows no device and keeps no state,
 * so the engine can run it on any backend and swap it. A {@link org.intarsia.model.api.ComponentFactory} says for which
 * model it can make a component; a {@link org.intarsia.model.api.ModelFamily} shows it the files of a model in the layout that it
 * reads, however they were published.
 */
@Export
@Version("1.0.0")
package org.intarsia.model.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
