package org.intarsia.weights.llamacpp;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What {@code generation_config.json} recommends for sampling, in llama.cpp's metadata. What it leaves out is written as
 * transformers has it, since llama.cpp's own defaults are others. Where it does not ask for sampling, nothing is written.
 */
final class GenerationDefaults {
    private record Name(String field, String key, Number otherwise) {
    }

    private static final List<Name> NAMES = List.of(
            new Name("top_k", "top_k", 50),
            new Name("top_p", "top_p", 1f),
            new Name("min_p", "min_p", 0f),
            new Name("temperature", "temp", 1f),
            new Name("repetition_penalty", "penalty_repeat", 1f));

    private GenerationDefaults() {
    }

    static void put(Path directory, Map<String, Object> metadata) {
        Map<String, Object> fields = JsonTree.object(directory.resolve("generation_config.json")).orElse(Map.of());
        if (!Boolean.TRUE.equals(fields.get("do_sample"))) {
            return;
        }
        for (Name name : NAMES) {
            Number number = fields.get(name.field) instanceof Number given ? given : name.otherwise;
            metadata.put("general.sampling." + name.key, name.otherwise instanceof Integer ? (Object) number.intValue()
                    : (Object) number.floatValue());
        }
    }
}
