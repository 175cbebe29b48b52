package org.intarsia.model.api;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.osgi.annotation.versioning.ConsumerType;

/** Codes → picture. Safe for use by several threads. */
@ConsumerType
public interface ImageDecoder {

    /** How many rows and columns of codes make a picture. */
    int rows();

    int columns();

    /** How many pixels, in each direction, one code stands for. */
    int pixelsPerCode();

    /** The rows of the codebook that codes stand for: codes I32 (n, rows · columns) → (n, codeSize, rows, columns). */
    Node embed(GraphBuilder graph, Node codes, int rows, int columns);

    /** Quantised latent values (n, codeSize, rows, columns) → pixels F32 (n, 3, h, w), about −1 to 1. */
    Node pixels(GraphBuilder graph, Node latent);

    /**
     * Turns pixel values (3, height, width) into a picture as the references of all families do: −1 to 1 become 0 to 255,
     * truncated to whole levels.
     */
    default Image picture(float[] pixels, int height, int width) {
        int colours = 3;
        int places = height * width;
        byte[] rgb = new byte[colours * places];
        for (int colour = 0; colour < colours; colour++) {
            for (int place = 0; place < places; place++) {
                float value = Math.clamp(pixels[colour * places + place], -1f, 1f);
                rgb[colours * place + colour] = (byte) (int) ((value + 1) / 2 * 255);
            }
        }
        return new Image(width, height, rgb);
    }
}
