/**
 * The same prompts and seeds through several models, or one model in several places, side by side.
 *
 * <p>Begin with {@link org.intarsia.comparison.Comparison}: it runs {@link org.intarsia.comparison.Prompt}s in
 * {@link org.intarsia.comparison.Column}s and gives {@link org.intarsia.comparison.Compared}, of which
 * {@link org.intarsia.comparison.Page} makes a page. {@link org.intarsia.engine.api.Differences} says where two answers
 * part; other checks use it too.
 */
@Export
@Version("1.0.0")
package org.intarsia.comparison;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
