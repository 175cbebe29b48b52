/**
 * The languages of the picture book: from a meaning to words, and from a description in words back to its meaning.
 *
 * <p>Begin with {@link org.intarsia.picturebook.language.Language}. The words of each language are a {@code Phrasebook}; the
 * {@code Parser} reads with the same words. A {@link org.intarsia.picturebook.language.Phrasing} says a meaning freely, in
 * patterns of the resources {@code grammar} (for training) and {@code phrasings} (for tests alone). A
 * {@link org.intarsia.picturebook.language.Layout} is a scene as a row of words.
 *
 * <p>Languages are safe to share between threads; a phrasing is for one thread at a time.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("0.1.0")
package org.intarsia.picturebook.language;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
