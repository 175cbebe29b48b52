package org.intarsia.model.blocks;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;

/**
 * Reads picture files (PNG, JPEG, BMP, GIF) to the numbers that stand in them: grey, palette and 16-bit pictures become
 * 8-bit RGB without any correction of colours; what is transparent is kept apart, since families differ in what they make
 * of it.
 */
public final class PictureFile {
    private static final int OPAQUE = 255;
    private static final int COLOURS = 3;
    /** More is refused before anything is decoded: a small file can claim a picture of any size. */
    private static final long MOST_PIXELS = 100_000_000;
    /** What one pixel takes on the way from the file to the numbers that a network sees. */
    private static final int BYTES_PER_PIXEL = 32;

    private PictureFile() {
    }

    /**
     * Reads a file.
     *
     * @throws ModelException when it is not there, is no picture, or is too large
     */
    public static Image read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ModelException("there is no picture file '" + file + "'");
        }
        try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new ModelException("'" + file + "' is no picture that can be read; PNG, JPEG, BMP and GIF can");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                long most = Math.min(MOST_PIXELS, Runtime.getRuntime().maxMemory() / BYTES_PER_PIXEL);
                if (pixels > most) {
                    throw new ModelException("the picture '" + file + "' has " + pixels + " pixels; at most " + most
                            + " can be read, so make it smaller");
                }
                return convert(reader.read(0));
            } finally {
                reader.dispose();
            }
        } catch (ModelException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The readers of the JDK answer damaged files with unchecked exceptions of many kinds.
            throw new ModelException("the picture '" + file + "' is damaged or of a kind that cannot be read: "
                    + e.getMessage(), e);
        }
    }

    private static Image convert(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[COLOURS * width * height];
        byte[] alpha = new byte[width * height];
        boolean transparent = false;
        int[] pixel = new int[COLOURS + 1];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                read(image, x, y, pixel);
                for (int colour = 0; colour < COLOURS; colour++) {
                    rgb[COLOURS * (y * width + x) + colour] = (byte) pixel[colour];
                }
                alpha[y * width + x] = (byte) pixel[COLOURS];
                transparent |= pixel[COLOURS] != OPAQUE;
            }
        }
        return transparent ? new Image(width, height, rgb, alpha) : new Image(width, height, rgb);
    }

    /** Red, green, blue and alpha of one pixel. */
    private static void read(BufferedImage image, int x, int y, int[] pixel) {
        ColorModel model = image.getColorModel();
        if (model instanceof IndexColorModel || model.isAlphaPremultiplied()) {
            int argb = image.getRGB(x, y);
            pixel[0] = argb >> 16 & 0xFF;
            pixel[1] = argb >> 8 & 0xFF;
            pixel[2] = argb & 0xFF;
            pixel[3] = argb >>> 24;
            return;
        }
        // The samples themselves: getRGB would take grey for linear light and change its levels.
        Raster raster = image.getRaster();
        int colours = model.getNumColorComponents();
        for (int colour = 0; colour < COLOURS; colour++) {
            int band = colours == 1 ? 0 : colour;
            pixel[colour] = eightBits(raster.getSample(x, y, band), model.getComponentSize(band));
        }
        pixel[COLOURS] = model.hasAlpha() ? eightBits(raster.getSample(x, y, colours), model.getComponentSize(colours)) : OPAQUE;
    }

    private static int eightBits(int sample, int bits) {
        return bits >= 8 ? sample >> bits - 8 : sample * 255 / ((1 << bits) - 1);
    }
}
