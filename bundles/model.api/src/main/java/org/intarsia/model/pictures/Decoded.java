package org.intarsia.model.pictures;

import org.intarsia.model.api.Image;

/**
 * A decoded picture.
 *
 * @param image       the pixels, as they are stored
 * @param orientation how they are to be turned: 1 to 8, as EXIF numbers it; 1 for not at all
 */
public record Decoded(Image image, int orientation) {
}
