package org.intarsia.families.gguf;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.intarsia.weights.Metadata;

/**
 * The sampling that a GGUF file recommends under {@code general.sampling}, as {@code generation_config.json}. What it leaves
 * out is as llama.cpp has it. Steps of llama.cpp that transformers does not know keep their names, and are told as not
 * followed.
 */
final class GgufSampling {
    private static final String PREFIX = "general.sampling.";

    private GgufSampling() {
    }

    /** Returns the file's content; nothing where the GGUF file recommends nothing. */
    static Optional<String> generationConfig(Metadata metadata) {
        if (metadata.keys().stream().noneMatch(key -> key.startsWith(PREFIX))) {
            return Optional.empty();
        }
        ObjectNode config = JsonNodeFactory.instance.objectNode().put("do_sample", true);
        config.put("temperature", number(metadata, "temp", 0.8));
        config.put("top_k", (int) number(metadata, "top_k", 40));
        config.put("top_p", number(metadata, "top_p", 0.95));
        config.put("min_p", number(metadata, "min_p", 0.05));
        tellUnless(0, "xtc_probability", metadata, config);
        tellUnless(0, "mirostat", metadata, config);
        tellUnless(1, "penalty_repeat", metadata, config);
        metadata.text(PREFIX + "sequence").ifPresent(sequence -> config.put("sequence", sequence));
        return Optional.of(config.toString());
    }

    private static double number(Metadata metadata, String name, double whenAbsent) {
        // By its shortest text, as 0.6 is stored in 32 bits.
        return metadata.number(PREFIX + name).map(number -> Double.parseDouble(number.toString())).orElse(whenAbsent);
    }

    private static void tellUnless(double neutral, String name, Metadata metadata, ObjectNode config) {
        double value = number(metadata, name, neutral);
        if (value != neutral) {
            config.put(name, value);
        }
    }
}
