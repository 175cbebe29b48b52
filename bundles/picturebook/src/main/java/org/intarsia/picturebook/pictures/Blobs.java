package org.intarsia.picturebook.pictures;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Connected regions of a picture: pixels that touch, corners included. */
final class Blobs {
    private Blobs() {
    }

    /**
     * @param pixels which pixels ({@code y * width + x}) to join into blobs
     * @param least  smaller blobs are left out: specks
     */
    static List<BitSet> of(BitSet pixels, int width, int height, int least) {
        List<BitSet> blobs = new ArrayList<>();
        BitSet left = (BitSet) pixels.clone();
        int[] stack = new int[width * height];
        for (int start = left.nextSetBit(0); start >= 0; start = left.nextSetBit(start + 1)) {
            BitSet blob = new BitSet();
            int depth = 0;
            stack[depth++] = start;
            left.clear(start);
            while (depth > 0) {
                int pixel = stack[--depth];
                blob.set(pixel);
                int x = pixel % width;
                int y = pixel / width;
                for (int ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, height - 1); ny++) {
                    for (int nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, width - 1); nx++) {
                        int neighbour = ny * width + nx;
                        if (left.get(neighbour)) {
                            left.clear(neighbour);
                            stack[depth++] = neighbour;
                        }
                    }
                }
            }
            if (blob.cardinality() >= least) {
                blobs.add(blob);
            }
        }
        return blobs;
    }

    /** The same pixels and all within {@code reach} pixels of them, diagonally too. */
    static BitSet grown(BitSet blob, int width, int height, int reach) {
        BitSet grown = new BitSet();
        for (int pixel = blob.nextSetBit(0); pixel >= 0; pixel = blob.nextSetBit(pixel + 1)) {
            int x = pixel % width;
            int y = pixel / width;
            for (int ny = Math.max(y - reach, 0); ny <= Math.min(y + reach, height - 1); ny++) {
                grown.set(ny * width + Math.max(x - reach, 0), ny * width + Math.min(x + reach, width - 1) + 1);
            }
        }
        return grown;
    }
}
