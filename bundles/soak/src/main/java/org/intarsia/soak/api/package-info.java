/** A test of endurance that users can run: begin with {@link org.intarsia.soak.api.Soak}. */
@Export
@Version("1.0.0")
package org.intarsia.soak.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
