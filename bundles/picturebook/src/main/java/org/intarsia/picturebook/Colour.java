package org.intarsia.picturebook;

/**
 * The flat colour of a thing. The eight lie far apart from each other and from every {@link Background}, so that the
 * nearest colour is still the right one after the noise of an image tokenizer.
 */
public enum Colour {
    RED(0xD81E1E), ORANGE(0xFF8C00), YELLOW(0xFFE619), GREEN(0x00822D),
    BLUE(0x1E3CE6), PURPLE(0x7D1EA0), PINK(0xFF5FC3), WHITE(0xFFFFFF);

    private final int rgb;

    Colour(int rgb) {
        this.rgb = rgb;
    }

    /** The colour as {@code 0xRRGGBB}. */
    public int rgb() {
        return rgb;
    }
}
