package org.intarsia.model.pictures;

/** Conversions of one pixel to RGB, with the roundings of libjpeg, Pillow and Little CMS. */
final class Colours {
    private static final int MAXIMUM = 255;
    private static final int CENTRE = 128;
    private static final int HALF = 1 << 15;

    private Colours() {
    }

    /**
     * Converts luma and chroma in full range, as JPEG stores them.
     *
     * @param pixel Y, Cb, Cr; R, G, B afterwards
     */
    static void fromYcc(int[] pixel) {
        int luma = pixel[0];
        int blue = pixel[1] - CENTRE;
        int red = pixel[2] - CENTRE;
        // Fixed point with 16 bits behind the point, as in libjpeg.
        pixel[0] = clip(luma + (91881 * red + HALF >> 16));
        pixel[1] = clip(luma + (-22554 * blue - 46802 * red + HALF >> 16));
        pixel[2] = clip(luma + (116130 * blue + HALF >> 16));
    }

    /**
     * Converts inks, of which 255 is all that the paper takes.
     *
     * @param pixel cyan, magenta, yellow, black; R, G, B and 255 afterwards
     */
    static void fromCmyk(int[] pixel) {
        int light = MAXIMUM - pixel[3];
        for (int ink = 0; ink < 3; ink++) {
            int product = pixel[ink] * light + CENTRE;
            pixel[ink] = clip(light - ((product >> 8) + product >> 8));
        }
        pixel[3] = MAXIMUM;
    }

    /**
     * Converts CIE L*a*b* under the light D50.
     *
     * @param pixel lightness from 0 to 255, a* and b* as bytes with a sign; R, G, B of sRGB afterwards
     */
    static void fromLab(int[] pixel) {
        double y = (pixel[0] * 100.0 / MAXIMUM + 16) / 116;
        double x = 0.9642 * linear(y + (byte) pixel[1] / 500.0);
        double z = 0.8249 * linear(y - (byte) pixel[2] / 200.0);
        y = linear(y);
        pixel[0] = gamma(3.1338561 * x - 1.6168667 * y - 0.4906146 * z);
        pixel[1] = gamma(-0.9787684 * x + 1.9161415 * y + 0.0334540 * z);
        pixel[2] = gamma(0.0719453 * x - 0.2289914 * y + 1.4052427 * z);
    }

    private static double linear(double root) {
        return root > 6.0 / 29 ? root * root * root : (root - 4.0 / 29) * 108 / 841;
    }

    private static int gamma(double light) {
        double value = light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
        return clip((int) Math.round(value * MAXIMUM));
    }

    static int clip(int value) {
        return Math.clamp(value, 0, MAXIMUM);
    }
}
