package org.intarsia.engine.api;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Writes JPEG, and reads the record inside. The record stands in comment segments (COM): each begins with the keyword and a
 * zero, and holds a part of the text in UTF-8, since a segment has 65,533 bytes at most.
 */
final class JpegFile {
    private static final float QUALITY = 0.95f;
    private static final String METADATA = "javax_imageio_jpeg_image_1.0";
    private static final byte[] KEYWORD = "Intarsia\0".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST = 0xFFFF - Short.BYTES - KEYWORD.length;
    /** Start marker and the marker of the first segment, JFIF's. */
    private static final int START = 4;
    private static final int MARKER = 0xFF;
    private static final int COMMENT = 0xFE;
    private static final int SCAN = 0xDA;
    private static final int END = 0xD9;

    private JpegFile() {
    }

    static boolean isJpeg(byte[] content) {
        return content.length >= 3 && (content[0] & 0xFF) == MARKER && (content[1] & 0xFF) == 0xD8 && (content[2] & 0xFF) == MARKER;
    }

    static byte[] encode(Image picture, Optional<String> record) {
        try {
            byte[] jpeg = encode(picture);
            return record.isEmpty() ? jpeg : withComments(jpeg, record.get().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("memory is always written", e);
        }
    }

    private static byte[] encode(Image picture) throws IOException {
        BufferedImage pixels = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < picture.width() * picture.height(); i++) {
            pixels.setRGB(i % picture.width(), i / picture.width(), (picture.rgb()[3 * i] & 0xFF) << 16
                    | (picture.rgb()[3 * i + 1] & 0xFF) << 8 | picture.rgb()[3 * i + 2] & 0xFF);
        }
        ImageWriter writer = writer();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(jpeg)) {
            ImageWriteParam quality = writer.getDefaultWriteParam();
            quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            quality.setCompressionQuality(QUALITY);
            IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(pixels), quality);
            keepChroma(metadata);
            writer.setOutput(out);
            writer.write(null, new IIOImage(pixels, null, metadata), quality);
        } finally {
            writer.dispose();
        }
        return jpeg.toByteArray();
    }

    /** Other writers may be installed beside the JDK's; equal pictures would give other bytes. */
    private static ImageWriter writer() {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpeg");
        while (writers.hasNext()) {
            ImageWriter writer = writers.next();
            if (writer.getClass().getModule() == ImageIO.class.getModule()) {
                return writer;
            }
        }
        throw new ModelException("this Java runtime has no writer for JPEG; run with a complete JDK 25, or write PNG");
    }

    /** By default colours are stored at half the width and height. */
    private static void keepChroma(IIOMetadata metadata) throws IOException {
        Element tree = (Element) metadata.getAsTree(METADATA);
        NodeList components = tree.getElementsByTagName("componentSpec");
        for (int i = 0; i < components.getLength(); i++) {
            ((Element) components.item(i)).setAttribute("HsamplingFactor", "1");
            ((Element) components.item(i)).setAttribute("VsamplingFactor", "1");
        }
        metadata.setFromTree(METADATA, tree);
    }

    private static byte[] withComments(byte[] jpeg, byte[] record) {
        // JFIF's segment has to stay the first.
        int place = START + Short.toUnsignedInt(ByteBuffer.wrap(jpeg).getShort(START));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, place);
        for (int from = 0; from < record.length; from += LONGEST) {
            int length = Math.min(LONGEST, record.length - from);
            int size = Short.BYTES + KEYWORD.length + length;
            out.writeBytes(new byte[] {(byte) MARKER, (byte) COMMENT, (byte) (size >> 8), (byte) size});
            out.writeBytes(KEYWORD);
            out.write(record, from, length);
        }
        out.write(jpeg, place, jpeg.length - place);
        return out.toByteArray();
    }

    /**
     * Reads the record.
     *
     * @throws IOException if the segments before the picture are not whole
     */
    static Optional<String> record(byte[] jpeg) throws IOException {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        ByteBuffer segments = ByteBuffer.wrap(jpeg, 2, jpeg.length - 2);
        while (segments.remaining() >= START) {
            int marker = segments.getShort() & 0xFFFF;
            int length = Short.toUnsignedInt(segments.getShort()) - Short.BYTES;
            if (marker >> 8 != MARKER || marker == (MARKER << 8 | END) || length < 0 || length > segments.remaining()) {
                break;
            }
            if (marker == (MARKER << 8 | SCAN)) {
                return record.size() == 0 ? Optional.empty() : Optional.of(record.toString(StandardCharsets.UTF_8));
            }
            byte[] content = new byte[length];
            segments.get(content);
            if (marker == (MARKER << 8 | COMMENT) && length >= KEYWORD.length
                    && Arrays.equals(content, 0, KEYWORD.length, KEYWORD, 0, KEYWORD.length)) {
                record.write(content, KEYWORD.length, length - KEYWORD.length);
            }
        }
        throw new IOException("its segments are not whole");
    }
}
