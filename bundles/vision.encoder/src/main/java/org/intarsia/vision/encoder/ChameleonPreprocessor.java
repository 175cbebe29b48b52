package org.intarsia.vision.encoder;

import java.util.List;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.vision.encoder.Resampling.Span;

/**
 * Brings a picture to the size and the numbers that the encoder expects, as {@code preprocessor_config.json} says:
 * resize, crop the middle, scale, normalise. Steps and rounding are those of the reference's image processor.
 *
 * @param size       the size before the crop
 * @param resampling how that size is reached
 * @param height     of the crop, in pixels
 * @param width      of the crop
 * @param factor     on the bytes 0 to 255
 * @param mean       subtracted from each colour then
 * @param deviation  divides each colour then
 */
record ChameleonPreprocessor(Size size, Resampling resampling, int height, int width, double factor, List<Double> mean,
        List<Double> deviation) {
    private static final String FILE = "preprocessor_config.json";
    private static final int COLOURS = 3;
    private static final List<Double> ZEROS = List.of(0.0, 0.0, 0.0);
    private static final List<Double> ONES = List.of(1.0, 1.0, 1.0);

    /** What size a picture is resized to. */
    private sealed interface Size {
        int height(Image image);

        int width(Image image);
    }

    private record Unchanged() implements Size {
        @Override
        public int height(Image image) {
            return image.height();
        }

        @Override
        public int width(Image image) {
            return image.width();
        }
    }

    private record Fixed(int height, int width) implements Size {
        @Override
        public int height(Image image) {
            return height;
        }

        @Override
        public int width(Image image) {
            return width;
        }
    }

    /** The shorter edge gets a length; the longer one keeps the proportions, truncated to whole pixels. */
    private record ShortestEdge(int length) implements Size {
        @Override
        public int height(Image image) {
            return scaled(image.height(), image);
        }

        @Override
        public int width(Image image) {
            return scaled(image.width(), image);
        }

        private int scaled(int edge, Image image) {
            return Math.toIntExact((long) length * edge / Math.min(image.height(), image.width()));
        }
    }

    /**
     * Reads the file; one {@code ModelException} names all that is missing or invalid.
     *
     * @param pixelsPerCode what height and width of the crop must be multiples of
     */
    static ChameleonPreprocessor read(ModelFiles files, int pixelsPerCode) {
        ConfigFile file = ConfigFile.read(files, FILE);
        boolean normalize = file.flag("do_normalize", true);
        ChameleonPreprocessor read = new ChameleonPreprocessor(
                file.flag("do_resize", true) ? size(file) : new Unchanged(),
                resampling(file),
                file.at("crop_size").size("height"),
                file.at("crop_size").size("width"),
                file.flag("do_rescale", true) ? file.positive("rescale_factor", 0.0078) : 1,
                normalize ? file.numbers("image_mean", ONES) : ZEROS,
                normalize ? file.numbers("image_std", ONES) : ONES);
        if (!file.flag("do_center_crop", true)) {
            file.wrong("do_center_crop", "should be true, so that every picture takes the same number of tokens");
        }
        if (read.mean.size() != COLOURS) {
            file.wrong("image_mean", "should be three numbers");
        }
        if (read.deviation.size() != COLOURS || read.deviation.contains(0.0)) {
            file.wrong("image_std", "should be three numbers other than 0");
        }
        if (file.isSound() && (read.height % pixelsPerCode != 0 || read.width % pixelsPerCode != 0)) {
            file.wrong("crop_size", "(" + read.height + " × " + read.width + ") should be multiples of " + pixelsPerCode
                    + ", the pixels that one code stands for");
        }
        file.check();
        return read;
    }

    private static Size size(ConfigFile file) {
        ConfigFile size = file.at("size");
        return size.has("height") || size.has("width")
                ? new Fixed(size.size("height"), size.size("width"))
                : new ShortestEdge(size.size("shortest_edge"));
    }

    private static Resampling resampling(ConfigFile file) {
        int code = file.number("resample", 1);
        Resampling resampling = Resampling.of(code);
        if (resampling == null) {
            file.wrong("resample", "should be 0 (nearest), 1 (Lanczos), 2 (bilinear), 3 (bicubic), 4 (box) or 5 (Hamming),"
                    + " not " + code);
        }
        return resampling;
    }

    /** The bytes that the encoder sees, before they become numbers. */
    Image fit(Image image) {
        int wholeHeight = size.height(image);
        int wholeWidth = size.width(image);
        // Negative where the picture is smaller than the crop, which then has a black border.
        int top = Math.floorDiv(wholeHeight - height, 2);
        int left = Math.floorDiv(wholeWidth - width, 2);
        Image seen = resampling.resize(image,
                new Span(wholeWidth, Math.max(left, 0), Math.min(wholeWidth, width)),
                new Span(wholeHeight, Math.max(top, 0), Math.min(wholeHeight, height)));
        if (seen.width() == width && seen.height() == height) {
            return seen;
        }
        byte[] rgb = new byte[COLOURS * width * height];
        for (int y = 0; y < seen.height(); y++) {
            int to = (y + Math.max(-top, 0)) * width + Math.max(-left, 0);
            System.arraycopy(seen.rgb(), COLOURS * y * seen.width(), rgb, COLOURS * to, COLOURS * seen.width());
        }
        return new Image(width, height, rgb);
    }

    /** The numbers that the encoder sees: (3, height, width). */
    float[] pixels(Image fitted) {
        byte[] rgb = fitted.rgb();
        int places = fitted.height() * fitted.width();
        float[] values = new float[COLOURS * places];
        for (int colour = 0; colour < COLOURS; colour++) {
            float middle = mean.get(colour).floatValue();
            float spread = deviation.get(colour).floatValue();
            for (int place = 0; place < places; place++) {
                // Scaled in float64 and normalised in float32, as the reference does: equal in every bit.
                float scaled = (float) ((rgb[COLOURS * place + colour] & 0xFF) * factor);
                values[colour * places + place] = (scaled - middle) / spread;
            }
        }
        return values;
    }
}
