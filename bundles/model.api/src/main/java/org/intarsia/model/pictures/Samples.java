package org.intarsia.model.pictures;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import org.intarsia.model.api.Image;

/**
 * Takes the stored samples of a picture for its colours; Java's own conversions would apply profiles, and take grey for
 * linear light.
 */
final class Samples {
    private static final int COLOURS = 3;
    private static final int OPAQUE = 255;

    /** Reads one pixel. */
    @FunctionalInterface
    interface PixelReader {
        /**
         * Reads a pixel.
         *
         * @param pixel receives R, G, B and alpha, from 0 to 255; it begins with alpha 255
         */
        void read(int x, int y, int[] pixel);
    }

    private Samples() {
    }

    /** Makes a picture out of its pixels. */
    static Image image(int width, int height, PixelReader reader) {
        byte[] rgb = new byte[COLOURS * width * height];
        byte[] alpha = new byte[width * height];
        boolean transparent = false;
        int[] pixel = new int[COLOURS + 1];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int index = y * width + x;
                pixel[COLOURS] = OPAQUE;
                reader.read(x, y, pixel);
                for (int colour = 0; colour < COLOURS; colour++) {
                    rgb[COLOURS * index + colour] = (byte) pixel[colour];
                }
                alpha[index] = (byte) pixel[COLOURS];
                transparent |= pixel[COLOURS] != OPAQUE;
            }
        }
        return transparent ? new Image(width, height, rgb, alpha) : new Image(width, height, rgb);
    }

    /** Returns the reader of grey, RGB and palette pictures, with or without alpha. */
    static PixelReader reader(BufferedImage image) {
        ColorModel model = image.getColorModel();
        Raster raster = image.getRaster();
        int colours = model.getNumColorComponents();
        if (model instanceof IndexColorModel) {
            return (x, y, pixel) -> unpack(image.getRGB(x, y), pixel);
        }
        if (colours == 1 && !model.hasAlpha() && model.getComponentSize(0) > Byte.SIZE) {
            return deepGrey(raster);
        }
        return (x, y, pixel) -> {
            for (int colour = 0; colour < COLOURS; colour++) {
                pixel[colour] = eightBits(raster, model, x, y, colours == 1 ? 0 : colour);
            }
            if (model.hasAlpha()) {
                pixel[COLOURS] = eightBits(raster, model, x, y, colours);
                if (model.isAlphaPremultiplied()) {
                    divide(pixel);
                }
            }
        };
    }

    static void grey(int level, int[] pixel) {
        pixel[0] = level;
        pixel[1] = level;
        pixel[2] = level;
    }

    /** Splits {@code 0xAARRGGBB}. */
    static void unpack(int argb, int[] pixel) {
        pixel[0] = argb >> 16 & 0xFF;
        pixel[1] = argb >> 8 & 0xFF;
        pixel[2] = argb & 0xFF;
        pixel[3] = argb >>> 24;
    }

    /**
     * Returns the reader of grey of more than 8 bits. Pillow keeps such levels as they are when it makes RGB of them, so that
     * all above 255 become white.
     */
    static PixelReader deepGrey(Raster raster) {
        int type = raster.getTransferType();
        boolean real = type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE;
        return (x, y, pixel) -> grey(Colours.clip(real ? (int) raster.getSampleDouble(x, y, 0) : raster.getSample(x, y, 0)), pixel);
    }

    /** Returns the picture without its alpha channel. */
    static Image opaque(Image image) {
        return new Image(image.width(), image.height(), image.rgb());
    }

    private static int eightBits(Raster raster, ColorModel model, int x, int y, int band) {
        int bits = model.getComponentSize(band);
        int sample = raster.getSample(x, y, band);
        return bits >= Byte.SIZE ? sample >> bits - Byte.SIZE : sample * OPAQUE / ((1 << bits) - 1);
    }

    /** Undoes the multiplication of colours by alpha. */
    private static void divide(int[] pixel) {
        int alpha = pixel[COLOURS];
        for (int colour = 0; colour < COLOURS; colour++) {
            pixel[colour] = alpha == 0 ? 0 : Math.min(OPAQUE, OPAQUE * pixel[colour] / alpha);
        }
    }
}
