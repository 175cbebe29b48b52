package org.intarsia.model.pictures;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import org.intarsia.model.api.Image;

/** Decodes the first page of a TIFF: the JDK reads the samples, this class converts inks and L*a*b*. */
final class TiffDecoder implements PictureDecoder {
    private static final int UNSPECIFIED = 0;

    @Override
    public String name() {
        return "TIFF";
    }

    @Override
    public boolean matches(byte[] head) {
        return PictureDecoder.begins(head, 'I', 'I', 42, 0) || PictureDecoder.begins(head, 'M', 'M', 0, 42);
    }

    @Override
    public Decoded decode(PictureSource source) throws IOException {
        try (JdkReader jdk = new JdkReader(source, "tiff", true)) {
            ImageReader reader = jdk.reader();
            TIFFDirectory directory = TIFFDirectory.createFromMetadata(reader.getImageMetadata(0));
            BufferedImage pixels = reader.read(0);
            Image image = Samples.image(pixels.getWidth(), pixels.getHeight(), reader(pixels, directory));
            boolean opaque = number(directory, BaselineTIFFTagSet.TAG_EXTRA_SAMPLES, -1) == UNSPECIFIED;
            return new Decoded(opaque ? Samples.opaque(image) : image,
                    Orientation.checked(number(directory, BaselineTIFFTagSet.TAG_ORIENTATION, Orientation.UPRIGHT)));
        }
    }

    private static Samples.PixelReader reader(BufferedImage pixels, TIFFDirectory directory) {
        Raster raster = pixels.getRaster();
        return switch (number(directory, BaselineTIFFTagSet.TAG_PHOTOMETRIC_INTERPRETATION, -1)) {
            case BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_CMYK -> (x, y, pixel) -> {
                raster.getPixel(x, y, pixel);
                Colours.fromCmyk(pixel);
            };
            case BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_CIELAB -> (x, y, pixel) -> {
                raster.getPixel(x, y, pixel);
                Colours.fromLab(pixel);
            };
            case BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_PALETTE_COLOR -> {
                char[] map = directory.getTIFFField(BaselineTIFFTagSet.TAG_COLOR_MAP).getAsChars();
                int size = map.length / 3;
                yield (x, y, pixel) -> {
                    int index = raster.getSample(x, y, 0);
                    for (int colour = 0; colour < 3; colour++) {
                        pixel[colour] = map[colour * size + index] >> Byte.SIZE;
                    }
                };
            }
            default -> Samples.reader(pixels);
        };
    }

    private static int number(TIFFDirectory directory, int tag, int otherwise) {
        TIFFField field = directory.getTIFFField(tag);
        return field == null ? otherwise : field.getAsInt(0);
    }
}
