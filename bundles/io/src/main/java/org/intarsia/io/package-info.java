/**
 * What several bundles need of files and numbers, once: {@link org.intarsia.io.AtomicFile} writes files that appear whole or not at all,
 * {@link org.intarsia.io.Sha256} hashes, and {@link org.intarsia.io.SplitMix} gives random numbers that are the same on every release of
 * the JDK. The package knows nothing of models or shells, and depends on nothing but the JDK.
 */
@Export
@Version("1.0.0")
package org.intarsia.io;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
