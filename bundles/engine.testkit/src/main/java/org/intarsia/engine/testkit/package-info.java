/** For unit tests of whatever asks an engine, such as commands: {@link org.intarsia.engine.testkit.StandIn}. */
@Export
@Version("1.0.0")
package org.intarsia.engine.testkit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
