package org.intarsia.model.api;

import java.util.Arrays;

/**
 * A picture of 8-bit RGB pixels.
 *
 * @param width  in pixels, at least 1
 * @param height in pixels, at least 1
 * @param rgb    3 · width · height bytes: rows from the top, pixels from the left, red first; not to be changed
 */
public record Image(int width, int height, byte[] rgb) implements Part {
    public Image {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException("a picture of " + width + " × " + height + " pixels takes "
                    + 3L * width * height + " bytes, got " + rgb.length);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Image image && width == image.width && height == image.height
                && Arrays.equals(rgb, image.rgb);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(rgb);
    }

    @Override
    public String toString() {
        return "Image[" + width + " × " + height + "]";
    }
}
