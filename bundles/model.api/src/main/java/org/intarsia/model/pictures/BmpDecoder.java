package org.intarsia.model.pictures;

import java.awt.image.BufferedImage;
import java.io.IOException;

/** Decodes BMP. */
final class BmpDecoder implements PictureDecoder {
    @Override
    public String name() {
        return "BMP";
    }

    @Override
    public boolean matches(byte[] head) {
        return PictureDecoder.begins(head, 'B', 'M');
    }

    @Override
    public Decoded decode(PictureSource source) throws IOException {
        try (JdkReader reader = new JdkReader(source, "bmp", false)) {
            BufferedImage pixels = reader.reader().read(0);
            return new Decoded(Samples.image(pixels.getWidth(), pixels.getHeight(), Samples.reader(pixels)), Orientation.UPRIGHT);
        }
    }
}
