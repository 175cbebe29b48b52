package org.intarsia.vision.encoder;

import java.util.List;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.PicturePreprocessor;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.vision.encoder.Resampling.Span;

/**
 * Brings a picture to the size and the numbers that Janus sees: its longer edge gets a length, bars beside it make it a
 * square. Steps and rounding are those of the authors' own code (deepseek-ai/Janus, {@code image_processing_vlm.py}); that
 * of transformers gives some pictures a pixel less. Transparency is left aside.
 *
 * @param size       edge of the square in pixels
 * @param least      no edge is resized to less
 * @param resampling how that size is reached
 * @param background colour of the bars: red, green, blue
 * @param scaling    makes numbers of bytes
 */
record JanusPreprocessor(int size, int least, Resampling resampling, List<Integer> background, Scaling scaling)
        implements PicturePreprocessor {
    private static final int COLOURS = 3;
    private static final int LONGEST = 2048;
    private static final List<Integer> GREY = List.of(127, 127, 127);

    /** Reads the file, in the layout of the authors or of transformers; one exception names all that is wrong. */
    static JanusPreprocessor read(ModelFiles files) {
        ConfigFile file = ConfigFile.readPictureSettings(files);
        int size = file.isObject("size") ? file.at("size").sizeUpTo(LONGEST, "height")
                : file.sizeUpTo(LONGEST, "image_size", 384);
        if (file.isObject("size") && file.at("size").size("width") != size) {
            file.wrong("size", "should have one height and width: Janus sees squares");
        }
        int least = file.size("min_size", 14);
        if (least > size) {
            file.wrong("min_size", "should be at most the size, which is " + size);
        }
        if (!file.flag("do_resize", true) || !file.flag("do_pad", true)) {
            file.wrong("do_resize", "and do_pad should be true, so that every picture becomes a square of one size");
        }
        Scaling scaling = Scaling.read(file, Scaling.Defaults.OF_CLIP);
        List<Integer> background = file.has("image_mean")
                ? file.numbers("image_mean", List.of()).stream().map(mean -> (int) (mean * 255)).toList() : GREY;
        Resampling resampling = Resampling.read(file, Resampling.BICUBIC);
        file.check();
        return new JanusPreprocessor(size, least, resampling, background, scaling);
    }

    @Override
    public Image fit(Image image) {
        int longer = Math.max(image.height(), image.width());
        int height = resized(image.height(), longer);
        int width = resized(image.width(), longer);
        Image seen = resampling.resize(image, Span.whole(width), Span.whole(height));
        int top = (size - height) / 2;
        int left = (size - width) / 2;
        byte[] rgb = new byte[COLOURS * size * size];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = background.get(i % COLOURS).byteValue();
        }
        for (int y = 0; y < height; y++) {
            System.arraycopy(seen.rgb(), COLOURS * y * width, rgb, COLOURS * ((top + y) * size + left), COLOURS * width);
        }
        return new Image(size, size, rgb);
    }

    /** What an edge becomes, truncated to whole pixels after a division first: another order gives some sizes less. */
    int resized(int edge, int longer) {
        return Math.max((int) ((double) edge / longer * size), least);
    }

    @Override
    public float[] pixels(Image fitted) {
        return scaling.pixels(fitted);
    }
}
