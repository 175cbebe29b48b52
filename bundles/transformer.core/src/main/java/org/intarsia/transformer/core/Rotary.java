package org.intarsia.transformer.core;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.model.blocks.ConfigFile;

/**
 * The frequencies of rotary position embeddings, in the float32 steps of Hugging Face's reference: 1 / theta^(2i /
 * headDim), slowed down for long contexts where {@code rope_scaling} says so.
 */
final class Rotary {
    private static final String SCALING = "rope_scaling";

    private Rotary() {
    }

    /** Radians a position for each pair of a head; what is wrong is left with the file. */
    static List<Double> frequencies(ConfigFile file, int headDim, double defaultTheta) {
        float theta = (float) file.positive("rope_theta", defaultTheta);
        List<Float> frequencies = new ArrayList<>();
        for (int i = 0; i < headDim; i += 2) {
            frequencies.add(1 / (float) Math.pow(theta, i / (float) headDim));
        }
        if (file.has(SCALING)) {
            ConfigFile scaling = file.at(SCALING);
            String type = scaling.text("rope_type", scaling.text("type", "default"));
            switch (type) {
                case "default" -> { }
                case "linear" -> {
                    float factor = (float) scaling.positive("factor", 1);
                    frequencies.replaceAll(frequency -> frequency / factor);
                }
                case "llama3" -> smooth(scaling, frequencies);
                default -> scaling.wrong("rope_type", "should be \"default\", \"linear\" or \"llama3\", not \"" + type + "\"");
            }
        }
        return frequencies.stream().map(Float::doubleValue).toList();
    }

    /**
     * Llama 3.1: waves longer than the original context are slowed down by a factor, short ones stay, and those between
     * are mixed.
     */
    private static void smooth(ConfigFile scaling, List<Float> frequencies) {
        float factor = (float) scaling.positive("factor", 8);
        float low = (float) scaling.positive("low_freq_factor", 1);
        float high = (float) scaling.positive("high_freq_factor", 4);
        float context = scaling.size("original_max_position_embeddings", 8192);
        if (high <= low) {
            scaling.wrong("high_freq_factor", "should be above low_freq_factor");
            return;
        }
        frequencies.replaceAll(frequency -> {
            float wave = (float) (2 * Math.PI) / frequency;
            if (wave < context / high) {
                return frequency;
            }
            if (wave > context / low) {
                return frequency / factor;
            }
            float share = (context / wave - low) / (high - low);
            return (1 - share) * frequency / factor + share * frequency;
        });
    }
}
