package org.example.tinting.decoder;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.intarsia.model.api.Image;

/**
 * A colour that takes the place of white, while black stays black and greys lie between.
 *
 * @param red   0 to 255
 * @param green 0 to 255
 * @param blue  0 to 255
 */
record Tint(int red, int green, int blue) {
    private static final Pattern COLOUR = Pattern.compile("#\\p{XDigit}{6}");

    /** Reads {@code #rrggbb}; empty where that is something else. */
    static Optional<Tint> parse(String colour) {
        if (!COLOUR.matcher(colour).matches()) {
            return Optional.empty();
        }
        int rgb = HexFormat.fromHexDigits(colour, 1, 7);
        return Optional.of(new Tint(rgb >> 16, rgb >> 8 & 0xFF, rgb & 0xFF));
    }

    /** The picture in shades of this colour; how bright each pixel is follows ITU-R BT.601. */
    Image apply(Image image) {
        byte[] rgb = image.rgb().clone();
        for (int i = 0; i < rgb.length; i += 3) {
            int grey = (299 * (rgb[i] & 0xFF) + 587 * (rgb[i + 1] & 0xFF) + 114 * (rgb[i + 2] & 0xFF)) / 1000;
            rgb[i] = (byte) (grey * red / 255);
            rgb[i + 1] = (byte) (grey * green / 255);
            rgb[i + 2] = (byte) (grey * blue / 255);
        }
        return new Image(image.width(), image.height(), rgb);
    }
}
