/**
 * Scenes painted as pictures, and pictures read back into scenes.
 *
 * <p>Begin with {@link org.intarsia.picturebook.pictures.Painter}, then {@link org.intarsia.picturebook.pictures.Reader},
 * which sees by the same silhouettes: it finds blobs of one colour and takes each for the thing whose silhouette fits best.
 * Both are exact, learn nothing, and are safe to share between threads. A {@link org.intarsia.picturebook.pictures.Picture}
 * keeps the array of bytes that it is given.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("0.1.0")
package org.intarsia.picturebook.pictures;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
