/**
 * The exercises that a model is trained on, an endless series with random access.
 *
 * <p>Begin with {@link org.intarsia.picturebook.samples.SampleSource}: a {@link org.intarsia.picturebook.samples.Sample}
 * depends on the seed, the {@link org.intarsia.picturebook.samples.Split} and its number alone. A
 * {@link org.intarsia.picturebook.samples.Mixture} says how often which {@link org.intarsia.picturebook.samples.Task}
 * occurs. Safe to share between threads.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("0.1.0")
package org.intarsia.picturebook.samples;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
