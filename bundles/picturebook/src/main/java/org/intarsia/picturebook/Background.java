package org.intarsia.picturebook;

/** Where or when a scene plays: one flat colour behind everything. */
public enum Background {
    DAY(0xAFD7FA), NIGHT(0x14143C), MEADOW(0xA5D778), SEA(0x3C96A0);

    private final int rgb;

    Background(int rgb) {
        this.rgb = rgb;
    }

    /** The colour as {@code 0xRRGGBB}. */
    public int rgb() {
        return rgb;
    }
}
