package org.intarsia.engine.api;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.intarsia.io.AtomicFile;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.blocks.PictureFile;

/** Pictures in files: reads PNG, JPEG, GIF, BMP and TIFF, writes PNG and JPEG. */
public final class PictureFiles {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    /** What an iTXt chunk of ours begins with: the keyword; not compressed; no language, no translation of the keyword. */
    private static final byte[] RECORD = "Intarsia\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final long LARGEST = 1L << 30;

    private PictureFiles() {
    }

    /**
     * Reads a picture, turned as a person sees it; {@link PictureFile} says which colours it has.
     *
     * @throws ModelException when there is no such file or it holds no whole picture
     */
    public static Image read(Path file) {
        return PictureFile.read(file);
    }

    /** Reads a picture that {@link PictureFormat#encode} wrote. */
    public static Image read(byte[] content) {
        return PictureFile.read(content);
    }

    /**
     * Writes a picture in the format that the file's name asks for, or over the file that is there: it appears all at once,
     * and equal pictures give equal bytes.
     *
     * @throws ModelException when the name asks for another format, the folder does not exist or the file cannot be written
     */
    public static void write(Path file, Image picture) {
        write(file, picture, Optional.empty());
    }

    /**
     * Writes a picture with a record, otherwise as {@link #write(Path, Image)}.
     *
     * @param record text that the file carries along, see {@link #record}
     */
    public static void write(Path file, Image picture, Optional<String> record) {
        write(file, PictureFormat.of(file).encode(picture, record));
    }

    /**
     * Checks that a picture could be written, so that nobody works for hours in vain.
     *
     * @throws ModelException as for {@link #checkFolder}, or when the name asks for a format that is not written
     */
    public static void check(Path file) {
        checkFolder(file);
        PictureFormat.of(file);
    }

    /**
     * The bytes of a picture as PNG: equal pictures with equal records give equal bytes.
     *
     * @param record text that the file carries along, see {@link #record}
     */
    public static byte[] png(Image picture, Optional<String> record) {
        try {
            return encode(picture, record);
        } catch (IOException e) {
            throw new UncheckedIOException("memory is always written", e);
        }
    }

    /**
     * Returns the text that was given to {@link PictureFormat#encode}.
     *
     * @return nothing when the file is a PNG or JPEG without one
     * @throws ModelException when there is no such file or it is no whole PNG or JPEG
     */
    public static Optional<String> record(Path file) {
        byte[] content = content(file);
        return record(file.toString(), content, format(file, content));
    }

    /**
     * Returns the text that was given to {@link PictureFormat#encode}.
     *
     * @param name how messages name the picture
     * @return nothing when the content is no PNG or JPEG, or one without such a text
     * @throws ModelException when it is a PNG or JPEG that is not whole
     */
    public static Optional<String> record(String name, byte[] content) {
        return format(content).flatMap(format -> record(name, content, format));
    }

    private static Optional<String> record(String name, byte[] content, PictureFormat format) {
        try {
            return format == PictureFormat.PNG ? pngRecord(content) : JpegFile.record(content);
        } catch (IOException e) {
            throw new ModelException(name + " is damaged: it ends too early, or was changed; get it again", e);
        }
    }

    /**
     * Returns the format of a file's content, whatever its name says.
     *
     * @throws ModelException when there is no such file or it is neither
     */
    public static PictureFormat format(Path file) {
        return format(file, content(file));
    }

    private static PictureFormat format(Path file, byte[] content) {
        return format(content).orElseThrow(() -> new ModelException(file + " is neither PNG nor JPEG"));
    }

    /** Returns the format of a file's content; nothing when it is neither PNG nor JPEG. */
    public static Optional<PictureFormat> format(byte[] content) {
        if (JpegFile.isJpeg(content)) {
            return Optional.of(PictureFormat.JPEG);
        }
        boolean png = content.length >= SIGNATURE.length
                && Arrays.equals(content, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
        return png ? Optional.of(PictureFormat.PNG) : Optional.empty();
    }

    /**
     * Reads the bytes of a picture's file.
     *
     * @throws ModelException when there is no such file, it cannot be read or it is larger than 1 GiB
     */
    public static byte[] content(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new ModelException(file + " is larger than 1 GiB: no picture of ours is");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new ModelException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new ModelException(file + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Optional<String> pngRecord(byte[] content) throws IOException {
        ByteBuffer png = ByteBuffer.wrap(content, SIGNATURE.length, content.length - SIGNATURE.length);
        while (png.remaining() >= 12) {
            int length = png.getInt();
            byte[] type = new byte[4];
            png.get(type);
            if (length < 0 || length > png.remaining() - 4) {
                break;
            }
            byte[] data = new byte[length];
            png.get(data);
            int sum = png.getInt();
            if (sum != sum(type, data)) {
                break;
            }
            String name = new String(type, StandardCharsets.US_ASCII);
            if (name.equals("IEND")) {
                return Optional.empty();
            }
            if (name.equals("iTXt") && length >= RECORD.length && Arrays.equals(RECORD, 0, RECORD.length, data, 0, RECORD.length)) {
                return Optional.of(new String(data, RECORD.length, length - RECORD.length, StandardCharsets.UTF_8));
            }
        }
        throw new IOException("its chunks are not whole");
    }

    /**
     * Writes bytes, or over the file that is there: they appear all at once.
     *
     * @throws ModelException when the folder does not exist or the file cannot be written
     */
    public static void write(Path file, byte[] content) {
        checkFolder(file);
        try {
            AtomicFile.write(file, content);
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
    private static byte[] encode(Image picture, Optional<String> record) throws IOException {
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
        if (record.isPresent()) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            text.write(RECORD);
            text.write(record.get().getBytes(StandardCharsets.UTF_8));
            chunk(chunks, "iTXt", text.toByteArray());
        }
        chunk(chunks, "IDAT", rows.toByteArray());
        chunk(chunks, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(DataOutputStream out, String type, byte[] content) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        out.writeInt(content.length);
        out.write(name);
        out.write(content);
        out.writeInt(sum(name, content));
    }

    private static int sum(byte[] name, byte[] content) {
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(content);
        return (int) sum.getValue();
    }
}
