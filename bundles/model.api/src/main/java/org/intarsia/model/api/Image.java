package org.intarsia.model.api;

import java.util.Arrays;

/**
 * A picture of 8-bit RGB pixels, of which some may be transparent.
 *
 * @param width  in pixels, at least 1
 * @param height in pixels, at least 1
 * @param rgb    3 · width · height bytes: rows from the top, pixels from the left, red first; not to be changed
 * @param alpha  a byte for each pixel, from 0 for one that cannot be seen to 255 for one that hides what is behind it; none
 *               where all are of the latter kind; not to be changed
 */
public record Image(int width, int height, byte[] rgb, byte[] alpha) implements Part {
    private static final int COLOURS = 3;
    private static final byte[] OPAQUE = {};
    private static final int WHITE = 255;

    public Image {
        if (width < 1 || height < 1 || rgb.length != (long) COLOURS * width * height) {
            throw new IllegalArgumentException("a picture of " + width + " × " + height + " pixels takes "
                    + (long) COLOURS * width * height + " bytes, got " + rgb.length);
        }
        if (alpha.length != 0 && alpha.length != width * height) {
            throw new IllegalArgumentException("a picture of " + width + " × " + height + " pixels takes "
                    + (long) width * height + " bytes of transparency or none, got " + alpha.length);
        }
    }

    /** A picture without transparency. */
    public Image(int width, int height, byte[] rgb) {
        this(width, height, rgb, OPAQUE);
    }

    /** The same picture in front of white: what people see on paper, and what Chameleon's processor sees. */
    public Image onWhite() {
        if (alpha.length == 0) {
            return this;
        }
        byte[] seen = new byte[rgb.length];
        for (int i = 0; i < seen.length; i++) {
            double share = (alpha[i / COLOURS] & 0xFF) / 255.0;
            seen[i] = (byte) (int) ((1 - share) * WHITE + share * (rgb[i] & 0xFF));
        }
        return new Image(width, height, seen);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Image image && width == image.width && height == image.height
                && Arrays.equals(rgb, image.rgb) && Arrays.equals(alpha, image.alpha);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * width + height) + Arrays.hashCode(rgb)) + Arrays.hashCode(alpha);
    }

    @Override
    public String toString() {
        return "Image[" + width + " × " + height + "]";
    }
}
