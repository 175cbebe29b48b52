/**
 * Reads what users configure: begin with {@link org.intarsia.backend.configuration.ConfigurationReader}. A component describes
 * its settings once, as an annotation type with {@code @ObjectClassDefinition}, and reads them strictly: a value that is
 * wrong and a key that nobody knows are told in one sentence each, and count as not set.
 */
@Export
@Version("1.0.0")
package org.intarsia.backend.configuration;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
