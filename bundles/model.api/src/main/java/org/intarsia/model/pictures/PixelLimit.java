package org.intarsia.model.pictures;

import org.intarsia.model.api.ModelException;

/** The largest picture that is decoded: a small file can claim any size, so sizes are checked before. */
final class PixelLimit {
    private static final long MOST_PIXELS = 100_000_000;
    /** Memory that one pixel takes on the way from the file to the numbers that a network sees. */
    private static final int BYTES_PER_PIXEL = 32;

    private PixelLimit() {
    }

    /**
     * Checks a size.
     *
     * @throws ModelException if there are too many pixels for this process
     */
    static void check(int width, int height) {
        long pixels = (long) width * height;
        long most = Math.min(MOST_PIXELS, Runtime.getRuntime().maxMemory() / BYTES_PER_PIXEL);
        if (pixels > most) {
            throw new ModelException("it has " + pixels + " pixels; at most " + most + " can be read, so make it smaller");
        }
    }
}
