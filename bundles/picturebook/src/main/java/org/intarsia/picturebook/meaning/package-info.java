/**
 * Meanings without words: a description of a picture, a question about it, an edit of it.
 *
 * <p>Begin with {@link org.intarsia.picturebook.meaning.Description}. A {@link org.intarsia.picturebook.meaning.Question}
 * finds its own {@link org.intarsia.picturebook.meaning.Answer} in a scene; an {@link org.intarsia.picturebook.meaning.Edit}
 * says what to change. All are immutable.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("0.1.0")
package org.intarsia.picturebook.meaning;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
