package org.intarsia.remote.api;

import java.util.Arrays;
import org.intarsia.graph.Encoding;

/**
 * A tensor on its way between hosts. The bytes are not copied: whoever makes a frame does not change them afterwards.
 *
 * @param sequence the sender's number for it
 * @param encoding {@link Encoding#F32} or {@link Encoding#BF16}, little-endian
 * @param shape    1 to {@value #MOST_DIMENSIONS} dimensions, each at least 1
 * @param bytes    as many as the shape has elements, times the bytes of one
 */
public record TensorFrame(long sequence, Encoding encoding, int[] shape, byte[] bytes) {
    /** The most dimensions of a shape. */
    public static final int MOST_DIMENSIONS = 8;

    /**
     * Checks that the parts fit each other.
     *
     * @throws IllegalArgumentException when they do not; the message says which
     */
    public TensorFrame {
        long expected = size(encoding, shape);
        if (expected != bytes.length) {
            throw new IllegalArgumentException("a frame of " + encoding + " " + Arrays.toString(shape) + " has " + expected
                    + " bytes, not " + bytes.length);
        }
    }

    /**
     * Returns the bytes that a tensor takes.
     *
     * @throws IllegalArgumentException when the encoding or the shape cannot be sent
     */
    public static long size(Encoding encoding, int... shape) {
        long bytes = switch (encoding) {
            case F32 -> Float.BYTES;
            case BF16 -> Short.BYTES;
            default -> throw new IllegalArgumentException("frames are F32 or BF16, not " + encoding);
        };
        if (shape.length < 1 || shape.length > MOST_DIMENSIONS) {
            throw new IllegalArgumentException("a frame has 1 to " + MOST_DIMENSIONS + " dimensions, not " + shape.length);
        }
        for (int dimension : shape) {
            // Dividing keeps the product from overflowing, whatever a stranger sends.
            if (dimension < 1 || bytes > Integer.MAX_VALUE / dimension) {
                throw new IllegalArgumentException("a frame cannot have the shape " + Arrays.toString(shape));
            }
            bytes *= dimension;
        }
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorFrame frame && sequence == frame.sequence && encoding == frame.encoding
                && Arrays.equals(shape, frame.shape) && Arrays.equals(bytes, frame.bytes);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sequence) * 31 + Arrays.hashCode(shape);
    }

    @Override
    public String toString() {
        return "frame " + sequence + ": " + encoding + " " + Arrays.toString(shape);
    }
}
