package org.intarsia.picturebook.world;

/**
 * The flat colour of a thing. The colours of a {@link World} lie far apart from each other and from its backgrounds, so that
 * the nearest colour is still the right one after the noise of an image tokenizer. The first eight are those of
 * {@link World#STANDARD}.
 */
public enum Colour {
    RED(0xD81E1E), ORANGE(0xFF8C00), YELLOW(0xFFE619), GREEN(0x00822D),
    BLUE(0x1E3CE6), PURPLE(0x7D1EA0), PINK(0xFF5FC3), WHITE(0xFFFFFF),
    GREY(0x828282), OLIVE(0x787800), LILAC(0xB478FF), LIME(0x96F028),
    TURQUOISE(0x28E6D2), BLACK(0x000000), BROWN(0x6E3C14), MAGENTA(0xC8008C);

    private final int rgb;

    Colour(int rgb) {
        this.rgb = rgb;
    }

    /** The colour as {@code 0xRRGGBB}. */
    public int rgb() {
        return rgb;
    }
}
