package org.intarsia.picturebook.pictures;

import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.World;

/** Distances between colours, and what lies nearest to a pixel. */
final class Palette {
    private final Colour[] colours;
    private final int[] ofColours;
    private final Background[] backgrounds;
    private final int[] ofBackgrounds;

    Palette(World world) {
        this.colours = world.colours().toArray(Colour[]::new);
        this.ofColours = world.colours().stream().mapToInt(Colour::rgb).toArray();
        this.backgrounds = world.grounds().keySet().toArray(Background[]::new);
        this.ofBackgrounds = world.grounds().keySet().stream().mapToInt(world::rgb).toArray();
    }

    /** The squared distance of two colours {@code 0xRRGGBB}. */
    static int distance(int one, int other) {
        int red = (one >> 16 & 0xFF) - (other >> 16 & 0xFF);
        int green = (one >> 8 & 0xFF) - (other >> 8 & 0xFF);
        int blue = (one & 0xFF) - (other & 0xFF);
        return red * red + green * green + blue * blue;
    }

    /** The nearest colour to each pixel. */
    Colour[] nearestColours(Picture picture) {
        Colour[] nearest = new Colour[picture.width() * picture.height()];
        for (int pixel = 0; pixel < nearest.length; pixel++) {
            nearest[pixel] = colours[nearest(picture.pixel(pixel), ofColours)];
        }
        return nearest;
    }

    Background nearestBackground(int pixel) {
        return backgrounds[nearest(pixel, ofBackgrounds)];
    }

    private static int nearest(int pixel, int[] values) {
        int nearest = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < values.length; i++) {
            int distance = distance(pixel, values[i]);
            if (distance < least) {
                least = distance;
                nearest = i;
            }
        }
        return nearest;
    }

    /** How far a pixel lies, squared, from every mixture of two colours: small at a blurred edge between them. */
    static double distanceFromMixture(int pixel, int one, int other) {
        double[] span = new double[3];
        double[] offset = new double[3];
        double along = 0;
        for (int channel = 0; channel < 3; channel++) {
            int shift = 16 - 8 * channel;
            span[channel] = (other >> shift & 0xFF) - (one >> shift & 0xFF);
            offset[channel] = (pixel >> shift & 0xFF) - (one >> shift & 0xFF);
            along += span[channel] * offset[channel];
        }
        double share = Math.clamp(along / distance(one, other), 0.0, 1.0);
        double squared = 0;
        for (int channel = 0; channel < 3; channel++) {
            double off = offset[channel] - share * span[channel];
            squared += off * off;
        }
        return squared;
    }
}
