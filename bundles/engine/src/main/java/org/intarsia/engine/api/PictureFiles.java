package org.intarsia.engine.api;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.blocks.PictureFile;

/** Pictures in files: reads PNG, JPEG, GIF and BMP, writes PNG. */
public final class PictureFiles {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private PictureFiles() {
    }

    /**
     * Reads a picture. Transparency is blended on white, grey becomes equal red, green and blue.
     *
     * @throws ModelException when there is no such file or it holds no whole picture
     */
    public static Image read(Path file) {
        return PictureFile.read(file);
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
