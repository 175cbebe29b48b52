package org.intarsia.engine.api;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;

/** Pictures in files: reads PNG, JPEG, GIF and BMP, writes PNG. */
public final class PictureFiles {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    /** The letters IEND. */
    private static final int LAST_CHUNK = 0x49454E44;
    private static final int OPAQUE = 255;

    private PictureFiles() {
    }

    /**
     * Reads a picture. Transparency is blended on white, grey becomes equal red, green and blue.
     *
     * @throws ModelException when there is no such file or it holds no whole picture
     */
    public static Image read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ModelException("there is no picture file " + file);
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            BufferedImage image = ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)));
            if (image == null) {
                throw new ModelException(file + " is no picture: it must be a PNG, JPEG, GIF or BMP file");
            }
            if (isCutOff(bytes)) {
                throw new ModelException(file + " is cut off: get the picture again");
            }
            return convert(image);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            // ImageIO's readers also throw the latter two on broken files.
            throw new ModelException(file + " cannot be read as a picture: it is broken or of a kind that is not known", e);
        }
    }

    /**
     * Writes a picture as PNG, or over the file that is there: it appears all at once, and equal pictures give equal
     * bytes.
     *
     * @throws ModelException when the folder does not exist or the file cannot be written
     */
    public static void write(Path file, Image picture) {
        checkFolder(file);
        Path fresh = file.toAbsolutePath().resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try {
                Files.write(fresh, png(picture));
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new ModelException(file + " cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Checks that a file could be written, so that nobody works for hours in vain.
     *
     * @throws ModelException when its folder does not exist or cannot be written, or the file is a folder
     */
    public static void checkFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw new ModelException(file + " cannot be written: it is a folder; name a file in it");
        }
        if (!Files.isDirectory(folder)) {
            throw new ModelException(file + " cannot be written: the folder " + folder + " does not exist; create it first");
        }
        if (!Files.isWritable(folder)) {
            throw new ModelException(file + " cannot be written: nobody may write into the folder " + folder);
        }
    }

    /** ImageIO takes a PNG file whose end is missing for a picture with a black rest. */
    private static boolean isCutOff(byte[] bytes) {
        if (!Arrays.equals(bytes, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            return false;
        }
        ByteBuffer chunks = ByteBuffer.wrap(bytes);
        // A chunk is the length of its content, its type, the content, a check sum.
        for (long at = SIGNATURE.length; at + 2 * Integer.BYTES <= bytes.length;) {
            long end = at + 3 * Integer.BYTES + Integer.toUnsignedLong(chunks.getInt((int) at));
            if (chunks.getInt((int) at + Integer.BYTES) == LAST_CHUNK) {
                return end > bytes.length;
            }
            at = end;
        }
        return true;
    }

    private static Image convert(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        boolean grey = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int pixel = grey ? grey(image, x, y) : image.getRGB(x, y);
                int alpha = pixel >>> 24;
                for (int colour = 0; colour < 3; colour++) {
                    int value = pixel >> 16 - 8 * colour & 0xFF;
                    rgb[3 * (y * width + x) + colour] = (byte) (alpha == OPAQUE ? value : onWhite(value, alpha));
                }
            }
        }
        return new Image(width, height, rgb);
    }

    /** As Chameleon's image processor does: in float64, then truncated. */
    private static int onWhite(int value, int alpha) {
        double share = alpha / 255.0;
        return (int) ((1 - share) * 255 + share * value);
    }

    /** Java would bend grey values, which it takes for linear ones, to those of sRGB. The stored ones are meant. */
    private static int grey(BufferedImage image, int x, int y) {
        Raster raster = image.getRaster();
        int bits = raster.getSampleModel().getSampleSize(0);
        int sample = raster.getSample(x, y, 0);
        int value = bits > 8 ? sample >> bits - 8 : sample * 255 / ((1 << bits) - 1);
        int alpha = raster.getNumBands() > 1 ? raster.getSample(x, y, 1) >> Math.max(0, bits - 8) : OPAQUE;
        return alpha << 24 | value << 16 | value << 8 | value;
    }

    /** ImageIO could do it, but takes a good part of a second to wake up. */
    private static byte[] png(Image picture) throws IOException {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(rows)) {
            int stride = 3 * picture.width();
            for (int y = 0; y < picture.height(); y++) {
                deflate.write(0);
                deflate.write(picture.rgb(), y * stride, stride);
            }
        }
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(header);
        fields.writeInt(picture.width());
        fields.writeInt(picture.height());
        // Eight bits, red green blue, deflate, no special filters, not interlaced.
        fields.write(new byte[] {8, 2, 0, 0, 0});
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.write(SIGNATURE);
        DataOutputStream chunks = new DataOutputStream(png);
        chunk(chunks, "IHDR", header.toByteArray());
        chunk(chunks, "IDAT", rows.toByteArray());
        chunk(chunks, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(DataOutputStream out, String type, byte[] content) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(content);
        out.writeInt(content.length);
        out.write(name);
        out.write(content);
        out.writeInt((int) sum.getValue());
    }
}
