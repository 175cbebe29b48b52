package org.intarsia.model.pictures;

import java.awt.image.BufferedImage;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import org.intarsia.model.api.Image;

/** Decodes PNG: the JDK reads the pixels, this class the orientation and what a colour key means. */
final class PngDecoder implements PictureDecoder {
    private static final int SIGNATURE = 8;
    private static final int EXIF = 0x65584966;
    private static final int HEADER = 0x49484452;
    private static final int END = 0x49454E44;
    private static final int CHECKSUM = 4;
    private static final int MOST_EXIF = 1 << 20;
    private static final int DEPTH = 8;
    private static final int COLOUR_TYPE = 9;
    private static final int GREY = 0;
    private static final int RGB = 2;

    @Override
    public String name() {
        return "PNG";
    }

    @Override
    public boolean matches(byte[] head) {
        return PictureDecoder.begins(head, 0x89, 'P', 'N', 'G');
    }

    @Override
    public Decoded decode(PictureSource source) throws IOException {
        Chunks chunks = Chunks.read(source);
        try (JdkReader reader = new JdkReader(source, "png", false)) {
            BufferedImage pixels = reader.reader().read(0);
            Samples.PixelReader samples = chunks.deepGrey ? Samples.deepGrey(pixels.getRaster()) : Samples.reader(pixels);
            Image image = Samples.image(pixels.getWidth(), pixels.getHeight(), samples);
            return new Decoded(chunks.rgb ? Samples.opaque(image) : image, chunks.orientation);
        }
    }

    /**
     * What other chunks than those of the pixels say.
     *
     * @param rgb         the picture is RGB without an alpha channel: Pillow ignores a colour key there
     * @param deepGrey    the picture is grey of 16 bits without an alpha channel: likewise
     * @param orientation as in EXIF
     */
    private record Chunks(boolean rgb, boolean deepGrey, int orientation) {
        static Chunks read(PictureSource source) throws IOException {
            boolean rgb = false;
            boolean deepGrey = false;
            int orientation = Orientation.UPRIGHT;
            try (DataInputStream in = new DataInputStream(source.open())) {
                in.skipNBytes(SIGNATURE);
                while (true) {
                    long length = Integer.toUnsignedLong(in.readInt());
                    int type = in.readInt();
                    byte[] content = new byte[(int) (type == HEADER || type == EXIF ? Math.min(length, MOST_EXIF) : 0)];
                    in.readFully(content);
                    if (type == HEADER && content.length > COLOUR_TYPE) {
                        rgb = content[COLOUR_TYPE] == RGB;
                        deepGrey = content[COLOUR_TYPE] == GREY && content[DEPTH] == Short.SIZE;
                    } else if (type == EXIF) {
                        orientation = Orientation.of(content);
                    } else if (type == END) {
                        break;
                    }
                    in.skipNBytes(length - content.length + CHECKSUM);
                }
            } catch (EOFException e) {
                // The JDK's reader says whether pixels are missing.
            }
            return new Chunks(rgb, deepGrey, orientation);
        }
    }
}
