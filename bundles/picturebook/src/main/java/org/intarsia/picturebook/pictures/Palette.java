package org.intarsia.picturebook.pictures;

import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.World;

/** Distances between colours, and what lies nearest to a pixel. */
final class Palette {
    private final World world;

    Palette(World world) {
        this.world = world;
    }

    /** The squared distance of two colours {@code 0xRRGGBB}. */
    static int distance(int one, int other) {
        int red = (one >> 16 & 0xFF) - (other >> 16 & 0xFF);
        int green = (one >> 8 & 0xFF) - (other >> 8 & 0xFF);
        int blue = (one & 0xFF) - (other & 0xFF);
        return red * red + green * green + blue * blue;
    }

    Colour nearestColour(int pixel) {
        Colour nearest = world.colours().getFirst();
        for (Colour colour : world.colours()) {
            if (distance(pixel, colour.rgb()) < distance(pixel, nearest.rgb())) {
                nearest = colour;
            }
        }
        return nearest;
    }

    Background nearestBackground(int pixel) {
        Background nearest = null;
        for (Background background : world.grounds().keySet()) {
            if (nearest == null || distance(pixel, world.rgb(background)) < distance(pixel, world.rgb(nearest))) {
                nearest = background;
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
