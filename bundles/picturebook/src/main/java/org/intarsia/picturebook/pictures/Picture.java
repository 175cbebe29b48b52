package org.intarsia.picturebook.pictures;

import java.awt.image.BufferedImage;

/**
 * A picture of 8-bit colours, as the painter makes it and the grader reads it.
 *
 * @param rgb {@code height * width * 3} bytes: row by row, red, green, blue; not copied, so leave it alone afterwards
 */
public record Picture(int width, int height, byte[] rgb) {
    public Picture {
        if (rgb.length != width * height * 3) {
            throw new IllegalArgumentException("a picture of " + width + "×" + height + " pixels needs "
                    + width * height * 3 + " bytes, not " + rgb.length);
        }
    }

    /** Reads any image; transparency is dropped. */
    public static Picture of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        byte[] rgb = new byte[pixels.length * 3];
        for (int i = 0; i < pixels.length; i++) {
            rgb[3 * i] = (byte) (pixels[i] >> 16);
            rgb[3 * i + 1] = (byte) (pixels[i] >> 8);
            rgb[3 * i + 2] = (byte) pixels[i];
        }
        return new Picture(width, height, rgb);
    }

    /** The picture for Java2D and ImageIO. */
    public BufferedImage toImage() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = pixel(i);
        }
        image.setRGB(0, 0, width, height, pixels, 0, width);
        return image;
    }

    /** The pixel at {@code y * width + x} as {@code 0xRRGGBB}. */
    int pixel(int index) {
        return (rgb[3 * index] & 0xFF) << 16 | (rgb[3 * index + 1] & 0xFF) << 8 | rgb[3 * index + 2] & 0xFF;
    }
}
