package org.intarsia.model.pictures;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.intarsia.model.api.Image;

/** The orientation that a camera notes in EXIF, from 1 to 8. */
public final class Orientation {
    /** The pixels are stored as a person sees them. */
    static final int UPRIGHT = 1;

    private static final int TAG = 0x112;
    private static final int SHORT = 3;
    private static final int HEADER = 8;
    private static final int ENTRY = 12;
    private static final int LAST = 8;
    /** From here on, rows become columns. */
    private static final int FIRST_TRANSPOSED = 5;

    private Orientation() {
    }

    /**
     * Returns the orientation that EXIF data states.
     *
     * @param exif data that begins with a TIFF header
     * @return {@link #UPRIGHT} if it states none, or is damaged: then the pixels themselves may still be right
     */
    static int of(byte[] exif) {
        if (exif.length < HEADER) {
            return UPRIGHT;
        }
        ByteBuffer data = ByteBuffer.wrap(exif).order(exif[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = data.getInt(HEADER / 2);
        if (directory < HEADER || directory > exif.length - Short.BYTES) {
            return UPRIGHT;
        }
        int count = Math.min(Short.toUnsignedInt(data.getShort(directory)), (exif.length - directory - Short.BYTES) / ENTRY);
        for (int i = 0; i < count; i++) {
            int entry = directory + Short.BYTES + ENTRY * i;
            if (Short.toUnsignedInt(data.getShort(entry)) == TAG && data.getShort(entry + 2) == SHORT) {
                return checked(Short.toUnsignedInt(data.getShort(entry + 8)));
            }
        }
        return UPRIGHT;
    }

    /** Takes other numbers, which some programs write, for {@link #UPRIGHT}. */
    static int checked(int orientation) {
        return orientation >= UPRIGHT && orientation <= LAST ? orientation : UPRIGHT;
    }

    /** Turns or mirrors a picture as a person sees it. */
    public static Image upright(Image image, int orientation) {
        if (orientation == UPRIGHT) {
            return image;
        }
        boolean transposed = orientation >= FIRST_TRANSPOSED;
        int width = transposed ? image.height() : image.width();
        int height = transposed ? image.width() : image.height();
        byte[] rgb = new byte[image.rgb().length];
        byte[] alpha = new byte[image.alpha().length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = stored(image, orientation, x, y);
                int to = y * width + x;
                System.arraycopy(image.rgb(), 3 * from, rgb, 3 * to, 3);
                if (alpha.length > 0) {
                    alpha[to] = image.alpha()[from];
                }
            }
        }
        return new Image(width, height, rgb, alpha);
    }

    /** Returns the index of the stored pixel that is seen at (x, y). */
    private static int stored(Image image, int orientation, int x, int y) {
        int right = image.width() - 1;
        int bottom = image.height() - 1;
        return switch (orientation) {
            case 2 -> y * image.width() + right - x;
            case 3 -> (bottom - y) * image.width() + right - x;
            case 4 -> (bottom - y) * image.width() + x;
            case 5 -> x * image.width() + y;
            case 6 -> (bottom - x) * image.width() + y;
            case 7 -> (bottom - x) * image.width() + right - y;
            case 8 -> x * image.width() + right - y;
            default -> throw new IllegalArgumentException("orientations are numbered from 1 to 8, not " + orientation);
        };
    }
}
