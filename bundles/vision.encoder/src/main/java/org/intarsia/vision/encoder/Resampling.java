package org.intarsia.vision.encoder;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.intarsia.model.api.Image;
import org.intarsia.model.blocks.ConfigFile;

/**
 * Resizes pictures to the very bytes of Pillow, which the processors of published checkpoints stand on: first all rows,
 * then all columns, each by weights in 22-bit fixed point, with the result of each pass rounded to 8 bits. When a picture
 * shrinks, the filter widens, so that every source pixel counts.
 */
enum Resampling {
    /** The source pixel under the centre of the new one. */
    NEAREST(0, 0, x -> 0),
    LANCZOS(1, 3, x -> sinc(x) * sinc(x / 3)),
    BILINEAR(2, 1, x -> 1 - Math.abs(x)),
    /** Cubic convolution with a = −0.5. */
    BICUBIC(3, 2, x -> cubic(Math.abs(x))),
    BOX(4, 0.5, x -> x > -0.5 && x <= 0.5 ? 1 : 0),
    HAMMING(5, 1, x -> sinc(x) * (0.54 + 0.46 * StrictMath.cos(Math.PI * x)));

    private static final int FRACTION_BITS = 22;
    private static final int COLOURS = 3;

    private final int code;
    private final double support;
    private final DoubleUnaryOperator filter;

    Resampling(int code, double support, DoubleUnaryOperator filter) {
        this.code = code;
        this.support = support;
        this.filter = filter;
    }

    /** The filter by the number that {@code preprocessor_config.json} gives as {@code resample}. */
    static Resampling read(ConfigFile file, Resampling whenAbsent) {
        int code = file.number("resample", whenAbsent.code);
        return Arrays.stream(values()).filter(filter -> filter.code == code).findFirst().orElseGet(() -> {
            file.wrong("resample", "should be 0 (nearest), 1 (Lanczos), 2 (bilinear), 3 (bicubic), 4 (box) or 5 (Hamming),"
                    + " not " + code);
            return whenAbsent;
        });
    }

    /**
     * One direction of resizing, of which only a part is wanted.
     *
     * @param size  the new length in pixels
     * @param first the first pixel of the new length that is wanted
     * @param count how many are wanted
     */
    record Span(int size, int first, int count) {
        static Span whole(int size) {
            return new Span(size, 0, size);
        }
    }

    /** The wanted part of the resized picture; what is not wanted is not computed. */
    Image resize(Image image, Span columns, Span rows) {
        if (this == NEAREST) {
            return nearest(image, columns, rows);
        }
        return resizeColumns(resizeRows(image, columns), rows);
    }

    private Image resizeRows(Image image, Span span) {
        Window[] windows = windows(image.width(), span);
        byte[] rgb = new byte[Math.multiplyExact(COLOURS, Math.multiplyExact(span.count, image.height()))];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < span.count; x++) {
                int from = COLOURS * (y * image.width() + windows[x].first);
                windows[x].mix(image.rgb(), from, COLOURS, rgb, COLOURS * (y * span.count + x));
            }
        }
        return new Image(span.count, image.height(), rgb);
    }

    private Image resizeColumns(Image image, Span span) {
        Window[] windows = windows(image.height(), span);
        int row = COLOURS * image.width();
        byte[] rgb = new byte[Math.multiplyExact(row, span.count)];
        for (int y = 0; y < span.count; y++) {
            for (int x = 0; x < row; x += COLOURS) {
                windows[y].mix(image.rgb(), row * windows[y].first + x, row, rgb, row * y + x);
            }
        }
        return new Image(image.width(), span.count, rgb);
    }

    /** The source pixels that make one new pixel, and their weights in fixed point. */
    private record Window(int first, int[] weights) {
        void mix(byte[] source, int from, int step, byte[] target, int to) {
            for (int colour = 0; colour < COLOURS; colour++) {
                int sum = 1 << FRACTION_BITS - 1;
                for (int i = 0; i < weights.length; i++) {
                    sum += weights[i] * (source[from + i * step + colour] & 0xFF);
                }
                target[to + colour] = (byte) Math.clamp(sum >> FRACTION_BITS, 0, 255);
            }
        }
    }

    private Window[] windows(int from, Span span) {
        double scale = (double) from / span.size;
        double widening = Math.max(scale, 1);
        double reach = support * widening;
        Window[] windows = new Window[span.count];
        for (int i = 0; i < span.count; i++) {
            double centre = (span.first + i + 0.5) * scale;
            int first = Math.max((int) (centre - reach + 0.5), 0);
            int end = Math.min((int) (centre + reach + 0.5), from);
            windows[i] = new Window(first, weights(first, end - first, centre, widening));
        }
        return windows;
    }

    private int[] weights(int first, int count, double centre, double widening) {
        double[] exact = new double[count];
        double sum = 0;
        // Pillow multiplies by the inverse, which differs from a division in the last bit.
        double narrowing = 1 / widening;
        for (int i = 0; i < count; i++) {
            double x = (first + i - centre + 0.5) * narrowing;
            exact[i] = Math.abs(x) <= support ? filter.applyAsDouble(x) : 0;
            sum += exact[i];
        }
        int[] weights = new int[count];
        for (int i = 0; i < count; i++) {
            double fixed = exact[i] / sum * (1 << FRACTION_BITS);
            weights[i] = (int) (fixed < 0 ? fixed - 0.5 : fixed + 0.5);
        }
        return weights;
    }

    private static Image nearest(Image image, Span columns, Span rows) {
        int[] from = centres(image.width(), columns);
        int[] row = centres(image.height(), rows);
        byte[] rgb = new byte[Math.multiplyExact(COLOURS, Math.multiplyExact(columns.count, rows.count))];
        for (int y = 0; y < rows.count; y++) {
            for (int x = 0; x < columns.count; x++) {
                System.arraycopy(image.rgb(), COLOURS * (row[y] * image.width() + from[x]), rgb,
                        COLOURS * (y * columns.count + x), COLOURS);
            }
        }
        return new Image(columns.count, rows.count, rgb);
    }

    /** The source pixels under the centres of the new ones; summed up step by step, as Pillow does. */
    private static int[] centres(int from, Span span) {
        int[] centres = new int[span.count];
        double step = (double) from / span.size;
        double centre = 0.5 * step;
        for (int i = 0; i < span.first + span.count; i++) {
            if (i >= span.first) {
                centres[i - span.first] = Math.min((int) centre, from - 1);
            }
            centre += step;
        }
        return centres;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : StrictMath.sin(Math.PI * x) / (Math.PI * x);
    }

    private static double cubic(double x) {
        return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : (((x - 5) * x + 8) * x - 4) * -0.5;
    }
}
