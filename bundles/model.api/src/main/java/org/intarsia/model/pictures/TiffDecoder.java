package org.intarsia.model.pictures;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageReader;
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
            TiffTags tags = new TiffTags(reader.getImageMetadata(0));
            BufferedImage pixels = reader.read(0);
            Image image = Samples.image(pixels.getWidth(), pixels.getHeight(), reader(pixels, tags));
            boolean opaque = tags.number(TiffTags.EXTRA_SAMPLES, -1) == UNSPECIFIED;
            return new Decoded(opaque ? Samples.opaque(image) : image,
                    Orientation.checked(tags.number(TiffTags.ORIENTATION, Orientation.UPRIGHT)));
        }
    }

    private static Samples.PixelReader reader(BufferedImage pixels, TiffTags tags) {
        Raster raster = pixels.getRaster();
        return switch (tags.number(TiffTags.PHOTOMETRIC_INTERPRETATION, -1)) {
            case TiffTags.CMYK -> (x, y, pixel) -> {
                raster.getPixel(x, y, pixel);
                Colours.fromCmyk(pixel);
            };
            case TiffTags.CIELAB -> (x, y, pixel) -> {
                raster.getPixel(x, y, pixel);
                Colours.fromLab(pixel);
            };
            case TiffTags.PALETTE_COLOR -> {
                int[] map = tags.numbers(TiffTags.COLOR_MAP);
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
}
