package org.intarsia.model.pictures;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.intarsia.model.api.ModelException;

/** Decodes one format of picture files. To add a format: a class, and an entry in {@link #ALL}. */
public sealed interface PictureDecoder permits PngDecoder, JpegDecoder, GifDecoder, BmpDecoder, TiffDecoder {
    /** The decoders, in the order in which messages name their formats. */
    List<PictureDecoder> ALL = List.of(new PngDecoder(), new JpegDecoder(), new GifDecoder(), new BmpDecoder(),
            new TiffDecoder());

    /** Number of bytes at the beginning of a file by which formats are told apart. */
    int HEAD = 12;

    /** Returns the name of the format, as users know it. */
    String name();

    /**
     * Recognizes a file of this format.
     *
     * @param head the first {@link #HEAD} bytes of the file, or all of a shorter one
     */
    boolean matches(byte[] head);

    /**
     * Decodes the picture; of several, the first.
     *
     * @throws ModelException   if it has too many pixels, or uses a part of its format that is not supported
     * @throws IOException      if the file is damaged, or cut off
     * @throws RuntimeException likewise: the readers of the JDK answer damaged files with many kinds of exceptions
     */
    Decoded decode(PictureSource source) throws IOException;

    /** Returns the decoder of the file that begins with these bytes. */
    static Optional<PictureDecoder> of(byte[] head) {
        return ALL.stream().filter(decoder -> decoder.matches(head)).findFirst();
    }

    /** Names the format of a file that no decoder reads, as far as its first bytes tell. */
    static Optional<String> unsupported(byte[] head) {
        if (begins(head, 'R', 'I', 'F', 'F') && contains(head, 8, "WEBP")) {
            return Optional.of("WebP");
        }
        if (contains(head, 4, "ftyp")) {
            return contains(head, 8, "avi") ? Optional.of("AVIF")
                    : contains(head, 8, "hei") || contains(head, 8, "mif1") ? Optional.of("HEIC") : Optional.empty();
        }
        if (begins(head, 0xFF, 0x0A) || contains(head, 4, "JXL ")) {
            return Optional.of("JPEG XL");
        }
        return contains(head, 4, "jP  ") ? Optional.of("JPEG 2000") : Optional.empty();
    }

    private static boolean contains(byte[] head, int place, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return head.length >= place + bytes.length && Arrays.equals(head, place, place + bytes.length, bytes, 0, bytes.length);
    }

    /** Returns the names of all formats, as a list in words. */
    static String names() {
        List<String> names = ALL.stream().map(PictureDecoder::name).toList();
        return names.stream().limit(names.size() - 1L).collect(Collectors.joining(", ")) + " and " + names.getLast();
    }

    /** Compares the beginning of a file. */
    static boolean begins(byte[] head, int... bytes) {
        if (head.length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if ((head[i] & 0xFF) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
