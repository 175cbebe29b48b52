package org.intarsia.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.intarsia.engine.logits.GenerationRules;
import org.intarsia.text.Quoted;

/** Finds the keys of a model's files that nothing here reads, and an adapter beside the weights. */
final class Unfollowed {
    private static final String GENERATION = "generation_config.json";
    private static final List<String> FILES = List.of("config.json", GENERATION, "preprocessor_config.json",
            "processor_config.json", "tokenizer_config.json");
    private static final String ADAPTER = "adapter_config.json";
    /** A file that is wrong from end to end should not fill the screen. */
    private static final int MOST = 20;

    private Unfollowed() {
    }

    /** One line for the user, without control characters; nothing where all is followed. */
    static Optional<String> in(OpenedFiles files) {
        List<String> parts = new ArrayList<>(files.otherKeys());
        if (files.published(ADAPTER).isPresent()) {
            parts.add(ADAPTER + " asks for an adapter" + kind(files) + " over the weights");
        }
        return parts.isEmpty() ? Optional.empty()
                : Optional.of(String.join("; ", parts) + (parts.size() > 1 ? ": none of this is followed" : ", which is not followed"));
    }

    private static String kind(OpenedFiles files) {
        JsonNode kind = Fields.read(files.published(ADAPTER).orElseThrow(), "'" + files.directory().resolve(ADAPTER) + "'")
                .path("peft_type");
        return kind.isTextual() ? " (" + Quoted.of(kind.textValue()) + ")" : "";
    }

    /** For each JSON file of a folder that asks for something else, what it asks for. */
    static List<String> keys(Path directory, String family) {
        List<String> parts = new ArrayList<>();
        for (String file : FILES) {
            ModelDirectory.text(directory.resolve(file)).map(text -> Fields.read(text, "'" + directory.resolve(file) + "'"))
                    .flatMap(json -> asks(file, others(file, json, family))).ifPresent(parts::add);
        }
        return parts;
    }

    private static List<String> others(String file, JsonNode json, String family) {
        return file.equals(GENERATION) ? GenerationRules.read(json, Preferences.guidesPictures(family)).notFollowed()
                : KnownKeys.of(file, family).map(known -> known.others(json)).orElse(List.of());
    }

    /** Returns a clause that names the keys of a file; nothing where there are none. */
    static Optional<String> asks(String file, List<String> keys) {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        String more = keys.size() > MOST ? " and " + (keys.size() - MOST) + " more" : "";
        return Optional.of(file + " asks for " + keys.stream().limit(MOST).map(Quoted::of).collect(Collectors.joining(", ")) + more);
    }
}
