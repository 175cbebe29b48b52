package org.intarsia.vision.encoder;

import java.util.List;
import java.util.function.Function;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.PicturePreprocessor;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.vision.encoder.Resampling.Span;

/**
 * Brings a picture to the size and the numbers that the encoder expects, as {@code preprocessor_config.json} says:
 * resize, crop the middle, scale, normalise. Steps and rounding are those of the reference's image processor. Liquid makes a
 * square of the picture first, with bars beside it, and leaves transparency aside.
 *
 * @param bars       red, green and blue of the bars; empty where no square is made
 * @param size       the size before the crop
 * @param resampling how that size is reached
 * @param height     of the crop, in pixels
 * @param width      of the crop
 * @param scaling    makes numbers of bytes
 */
record ChameleonPreprocessor(List<Integer> bars, Size size, Resampling resampling, int height, int width, Scaling scaling)
        implements PicturePreprocessor {
    private static final int COLOURS = 3;
    private static final int LONGEST = 2048;
    private static final Scaling.Defaults DEFAULTS = new Scaling.Defaults(0.0078, List.of(1.0, 1.0, 1.0),
            List.of(1.0, 1.0, 1.0));

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
            long scaled = (long) length * edge / Math.min(image.height(), image.width());
            if (scaled > Integer.MAX_VALUE) {
                throw new ModelException("the picture of " + image.width() + " × " + image.height() + " pixels is too long for its"
                        + " shorter edge to become " + length + "; cut it");
            }
            return (int) scaled;
        }
    }

    /**
     * Reads the file; one {@code ModelException} names all that is missing or invalid.
     *
     * @param pixelsPerCode what height and width of the crop must be multiples of
     */
    static ChameleonPreprocessor read(ModelFiles files, int pixelsPerCode) {
        return read(files, pixelsPerCode, file -> List.of());
    }

    /** As {@link #read}, with bars that make a square of each picture. */
    static ChameleonPreprocessor readSquare(ModelFiles files, int pixelsPerCode) {
        return read(files, pixelsPerCode, ChameleonPreprocessor::bars);
    }

    private static List<Integer> bars(ConfigFile file) {
        List<Integer> bars = file.numbers("background_color", List.of()).stream().map(Double::intValue).toList();
        if (bars.size() != COLOURS || bars.stream().anyMatch(colour -> colour < 0 || colour > 255)) {
            file.wrong("background_color", "should be three numbers of 0 to 255");
        }
        return bars;
    }

    private static ChameleonPreprocessor read(ModelFiles files, int pixelsPerCode, Function<ConfigFile, List<Integer>> bars) {
        ConfigFile file = ConfigFile.readPictureSettings(files);
        ChameleonPreprocessor read = new ChameleonPreprocessor(
                bars.apply(file),
                file.flag("do_resize", true) ? size(file) : new Unchanged(),
                Resampling.read(file, Resampling.LANCZOS),
                file.at("crop_size").sizeUpTo(LONGEST, "height"),
                file.at("crop_size").sizeUpTo(LONGEST, "width"),
                Scaling.read(file, DEFAULTS));
        if (!file.flag("do_center_crop", true)) {
            file.wrong("do_center_crop", "should be true, so that every picture takes the same number of tokens");
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

    @Override
    public Image fit(Image picture) {
        Image image = bars.isEmpty() ? picture.onWhite() : square(picture);
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

    /** The picture in the middle of a square. */
    private Image square(Image picture) {
        int edge = Math.max(picture.width(), picture.height());
        int top = (edge - picture.height()) / 2;
        int left = (edge - picture.width()) / 2;
        byte[] rgb = new byte[Math.multiplyExact(COLOURS, Math.multiplyExact(edge, edge))];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = bars.get(i % COLOURS).byteValue();
        }
        for (int y = 0; y < picture.height(); y++) {
            System.arraycopy(picture.rgb(), COLOURS * y * picture.width(), rgb, COLOURS * ((top + y) * edge + left),
                    COLOURS * picture.width());
        }
        return new Image(edge, edge, rgb);
    }

    @Override
    public float[] pixels(Image fitted) {
        return scaling.pixels(fitted);
    }
}
