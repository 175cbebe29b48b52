/**
 * The endpoints of pictures: generations and edits.
 * <p>
 * Begin with {@link org.intarsia.http.openai.images.Images}, which does what both endpoints do alike. {@code Mask} says which
 * cells of a picture are drawn anew, {@code ImageStream} sends previews and pictures as events.
 */
package org.intarsia.http.openai.images;
