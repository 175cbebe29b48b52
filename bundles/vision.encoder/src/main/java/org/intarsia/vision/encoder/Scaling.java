package org.intarsia.vision.encoder;

import java.util.List;
import org.intarsia.model.api.Image;
import org.intarsia.model.blocks.ConfigFile;

/**
 * Makes the numbers that a network sees of a picture's bytes, as {@code preprocessor_config.json} says.
 *
 * @param factor    on the bytes 0 to 255
 * @param mean      subtracted from each colour then
 * @param deviation divides each colour then
 */
record Scaling(double factor, List<Double> mean, List<Double> deviation) {
    private static final int COLOURS = 3;
    private static final List<Double> ZEROS = List.of(0.0, 0.0, 0.0);
    private static final List<Double> ONES = List.of(1.0, 1.0, 1.0);

    /** What a family takes where the file says nothing. */
    record Defaults(double factor, List<Double> mean, List<Double> deviation) {
        /** The mean and deviation that CLIP was trained with (Radford et al., 2021). */
        static final Defaults OF_CLIP = new Defaults(1 / 255.0, List.of(0.48145466, 0.4578275, 0.40821073),
                List.of(0.26862954, 0.26130258, 0.27577711));
    }

    /** Reads the file's fields. */
    static Scaling read(ConfigFile file, Defaults defaults) {
        boolean normalize = file.flag("do_normalize", true);
        Scaling read = new Scaling(
                file.flag("do_rescale", true) ? file.positive("rescale_factor", defaults.factor) : 1,
                normalize ? file.numbers("image_mean", defaults.mean) : ZEROS,
                normalize ? file.numbers("image_std", defaults.deviation) : ONES);
        if (read.mean.size() != COLOURS) {
            file.wrong("image_mean", "should be three numbers");
        }
        if (read.deviation.size() != COLOURS || read.deviation.contains(0.0)) {
            file.wrong("image_std", "should be three numbers other than 0");
        }
        return read;
    }

    /** (3, height, width). */
    float[] pixels(Image fitted) {
        byte[] rgb = fitted.rgb();
        int places = fitted.height() * fitted.width();
        float[] values = new float[COLOURS * places];
        for (int colour = 0; colour < COLOURS; colour++) {
            float middle = mean.get(colour).floatValue();
            float spread = deviation.get(colour).floatValue();
            for (int place = 0; place < places; place++) {
                // Scaled in float64 and normalised in float32, as the references do: equal in every bit.
                float scaled = (float) ((rgb[COLOURS * place + colour] & 0xFF) * factor);
                values[colour * places + place] = (scaled - middle) / spread;
            }
        }
        return values;
    }
}
