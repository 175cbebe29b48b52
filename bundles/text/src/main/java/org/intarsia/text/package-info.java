/**
 * Text in messages to people. {@link org.intarsia.text.Quoted} makes names out of files and requests fit for a terminal;
 * {@link org.intarsia.text.Nearest} suggests the known word that was probably meant. The package knows
 * nothing of models, files or shells, and depends on nothing but the JDK.
 */
@Export
@Version("1.0.0")
package org.intarsia.text;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
