package org.intarsia.model.pictures;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the markers of a JPEG say, up to its end.
 *
 * @param process     the frame's kind: 0 for baseline, 2 for progressive, 9 for arithmetic coding …
 * @param components  the components of the frame
 * @param jfif        whether it is marked as JFIF
 * @param adobe       the colour transform that Adobe's marker states, or {@link #NONE}
 * @param orientation as in EXIF
 */
record JpegMarkers(int process, List<Component> components, boolean jfif, int adobe, int orientation) {
    /**
     * A component of the frame.
     *
     * @param identifier its number in the file
     * @param horizontal its sampling factor, from 1 to 4
     * @param vertical   likewise
     */
    record Component(int identifier, int horizontal, int vertical) {
    }

    /** There is no marker of Adobe's. */
    static final int NONE = -1;

    private static final int FIRST_FRAME = 0xC0;
    private static final int LAST_FRAME = 0xCF;
    private static final int HUFFMAN_TABLES = 0xC4;
    private static final int EXTENSION = 0xC8;
    private static final int ARITHMETIC_TABLES = 0xCC;
    private static final int FIRST_RESTART = 0xD0;
    private static final int START = 0xD8;
    private static final int END = 0xD9;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;
    private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);
    private static final int ADOBE_TRANSFORM = 11;
    private static final int FIRST_COMPONENT = 6;

    /**
     * Reads them.
     *
     * @throws EOFException if the file ends before its end marker, as one does that was cut off
     */
    static JpegMarkers read(PictureSource source) throws IOException {
        int process = NONE;
        List<Component> components = List.of();
        boolean jfif = false;
        int adobe = NONE;
        byte[] exif = {};
        try (DataInputStream in = new DataInputStream(source.open())) {
            while (true) {
                int marker = next(in);
                if (marker == END) {
                    return new JpegMarkers(process, components, jfif, adobe, Orientation.of(exif));
                }
                byte[] content = new byte[Math.max(0, in.readUnsignedShort() - Short.BYTES)];
                in.readFully(content);
                if (isFrame(marker) && process == NONE) {
                    process = marker - FIRST_FRAME;
                    components = components(content);
                } else if (marker == APP0) {
                    jfif |= begins(content, JFIF);
                } else if (marker == APP1 && begins(content, EXIF) && exif.length == 0) {
                    exif = Arrays.copyOfRange(content, EXIF.length, content.length);
                } else if (marker == APP14 && begins(content, ADOBE) && content.length > ADOBE_TRANSFORM) {
                    adobe = content[ADOBE_TRANSFORM];
                }
            }
        }
    }

    /** Goes on to the next marker that does not stand within a scan, and skips the scan's data on the way. */
    private static int next(DataInputStream in) throws IOException {
        while (true) {
            if (in.readUnsignedByte() == 0xFF) {
                int marker = in.readUnsignedByte();
                while (marker == 0xFF) {
                    marker = in.readUnsignedByte();
                }
                if (marker > 1 && (marker < FIRST_RESTART || marker > START)) {
                    return marker;
                }
            }
        }
    }

    private static boolean isFrame(int marker) {
        return marker >= FIRST_FRAME && marker <= LAST_FRAME && marker != HUFFMAN_TABLES && marker != EXTENSION
                && marker != ARITHMETIC_TABLES;
    }

    private static List<Component> components(byte[] frame) {
        List<Component> components = new ArrayList<>();
        for (int place = FIRST_COMPONENT; place + 3 <= frame.length; place += 3) {
            components.add(new Component(frame[place] & 0xFF, frame[place + 1] >> 4 & 0xF, frame[place + 1] & 0xF));
        }
        return List.copyOf(components);
    }

    private static boolean begins(byte[] content, byte[] with) {
        return content.length >= with.length && Arrays.equals(content, 0, with.length, with, 0, with.length);
    }
}
