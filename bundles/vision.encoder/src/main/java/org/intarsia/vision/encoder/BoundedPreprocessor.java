package org.intarsia.vision.encoder;

import java.util.List;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.PicturePreprocessor;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.vision.encoder.Resampling.Span;

/**
 * Brings a picture to the size and the numbers that Emu3 or Qwen2.5-VL sees. It keeps its proportions as far as whole codes or
 * features allow, and the number of its pixels is brought between two bounds: {@code smart_resize} of the references.
 * Transparency is left aside.
 *
 * @param family     for messages
 * @param factor     what height and width become multiples of
 * @param least      fewest pixels
 * @param most       most pixels
 * @param resizes    whether pictures are resized at all
 * @param resampling how that size is reached
 * @param scaling    makes numbers of bytes
 */
record BoundedPreprocessor(String family, int factor, int least, int most, boolean resizes, Resampling resampling, Scaling scaling)
        implements PicturePreprocessor {
    /** The authors' own processor, which has other defaults than that of transformers. */
    private static final String AUTHORS = "Emu3VisionVQImageProcessor";
    private static final Scaling.Defaults HALVES = new Scaling.Defaults(1 / 255.0, List.of(0.5, 0.5, 0.5),
            List.of(0.5, 0.5, 0.5));
    private static final int LONGEST_PROPORTION = 200;
    private static final int LARGEST_FACTOR = 256;
    /** Small pictures grow to so many. */
    private static final int MOST_LEAST_PIXELS = 1 << 24;

    /** Height and width in pixels. */
    record Size(int height, int width) {
    }

    /** Reads Emu3's settings; one {@code ModelException} names all that is missing or invalid. */
    static BoundedPreprocessor readEmu3(ModelFiles files) {
        ConfigFile file = ConfigFile.readPictureSettings(files);
        return checked(file, new BoundedPreprocessor("Emu3",
                file.sizeUpTo(LARGEST_FACTOR, "spatial_factor", 8),
                file.sizeUpTo(MOST_LEAST_PIXELS, "min_pixels", 512 * 512),
                file.size("max_pixels", 1024 * 1024),
                file.flag("do_resize", true),
                Resampling.read(file, Resampling.BICUBIC),
                Scaling.read(file, file.text("image_processor_type", "").equals(AUTHORS) ? HALVES : Scaling.Defaults.OF_CLIP)));
    }

    /**
     * Reads the settings of Qwen2.5-VL: {@code patch_size} times {@code merge_size} is what edges become multiples of; the bounds
     * are {@code min_pixels} and {@code max_pixels}, or else {@code size.shortest_edge} and {@code size.longest_edge}, which count
     * pixels of the whole picture, too. One {@code ModelException} names all that is missing or invalid.
     */
    static BoundedPreprocessor readQwen25Vl(ModelFiles files) {
        ConfigFile file = ConfigFile.readPictureSettings(files);
        ConfigFile size = file.isObject("size") ? file.at("size") : file;
        int patch = file.sizeUpTo(LARGEST_FACTOR, "patch_size", 14);
        int merged = file.sizeUpTo(LARGEST_FACTOR, "merge_size", 2);
        if (patch * merged > LARGEST_FACTOR) {
            file.wrong("merge_size", "times patch_size should be at most " + LARGEST_FACTOR);
        }
        return checked(file, new BoundedPreprocessor("Qwen2.5-VL", Math.min(patch * merged, LARGEST_FACTOR),
                file.sizeUpTo(MOST_LEAST_PIXELS, "min_pixels", size.sizeUpTo(MOST_LEAST_PIXELS, "shortest_edge", 56 * 56)),
                file.size("max_pixels", size.size("longest_edge", 28 * 28 * 1280)),
                file.flag("do_resize", true),
                Resampling.read(file, Resampling.BICUBIC),
                Scaling.read(file, Scaling.Defaults.OF_CLIP)));
    }

    private static BoundedPreprocessor checked(ConfigFile file, BoundedPreprocessor read) {
        if (read.least > read.most) {
            file.wrong("min_pixels", "should be at most max_pixels, which is " + read.most);
        }
        file.check();
        return read;
    }

    /** The size that a picture gets. */
    Size size(int height, int width) {
        if (Math.max(height, width) > (long) LONGEST_PROPORTION * Math.min(height, width)) {
            throw new ModelException("the picture of " + width + " × " + height + " pixels is too long: " + family
                    + " takes pictures up to " + LONGEST_PROPORTION + " times as long as wide, so cut it");
        }
        // Half to even, as the reference rounds.
        long newHeight = (long) Math.rint((double) height / factor) * factor;
        long newWidth = (long) Math.rint((double) width / factor) * factor;
        double pixels = (double) height * width;
        if (newHeight * newWidth > most) {
            double shrink = Math.sqrt(pixels / most);
            newHeight = Math.max(factor, (long) Math.floor(height / shrink / factor) * factor);
            newWidth = Math.max(factor, (long) Math.floor(width / shrink / factor) * factor);
        } else if (newHeight * newWidth < least) {
            double grow = Math.sqrt(least / pixels);
            newHeight = (long) Math.ceil(height * grow / factor) * factor;
            newWidth = (long) Math.ceil(width * grow / factor) * factor;
        }
        return new Size(Math.toIntExact(newHeight), Math.toIntExact(newWidth));
    }

    @Override
    public Image fit(Image image) {
        Size size = resizes ? size(image.height(), image.width()) : new Size(image.height(), image.width());
        if (size.height == image.height() && size.width == image.width()) {
            return new Image(image.width(), image.height(), image.rgb());
        }
        return resampling.resize(image, Span.whole(size.width), Span.whole(size.height));
    }

    @Override
    public float[] pixels(Image fitted) {
        return scaling.pixels(fitted);
    }
}
