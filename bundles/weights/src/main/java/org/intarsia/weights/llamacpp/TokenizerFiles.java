package org.intarsia.weights.llamacpp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.intarsia.weights.WeightsException;

/**
 * The files of a directory that describe its tokenizer.
 *
 * @param directory of the model
 * @param tokenizer {@code tokenizer.json}; empty where there is none
 * @param settings  {@code tokenizer_config.json}; empty where there is none
 * @param config    {@code config.json}
 */
record TokenizerFiles(Path directory, Map<String, Object> tokenizer, Map<String, Object> settings, Map<String, Object> config) {
    private static final String CONTENT = "content";

    /** A token that was added to those of the model. */
    record Added(String content, boolean special) {
    }

    static TokenizerFiles read(Path directory) {
        return new TokenizerFiles(directory, JsonTree.object(directory.resolve("tokenizer.json")).orElse(Map.of()),
                JsonTree.object(directory.resolve("tokenizer_config.json")).orElse(Map.of()),
                JsonTree.object(directory.resolve("config.json")).orElse(Map.of()));
    }

    /** The added tokens by their ids, of both files. */
    TreeMap<Integer, Added> added() {
        TreeMap<Integer, Added> added = new TreeMap<>();
        JsonTree.child(settings, "added_tokens_decoder").forEach((id, token) -> {
            if (id.matches("\\d{1,9}")) {
                add(added, Integer.valueOf(id), JsonTree.object(token));
            }
        });
        for (Object each : JsonTree.list(tokenizer, "added_tokens")) {
            Map<String, Object> token = JsonTree.object(each);
            if (token.get("id") instanceof Integer id) {
                add(added, id, token);
            }
        }
        return added;
    }

    private static void add(Map<Integer, Added> added, int id, Map<String, Object> token) {
        if (token.get(CONTENT) instanceof String content) {
            added.put(id, new Added(content, Boolean.TRUE.equals(token.get("special"))));
        }
    }

    /** Returns the tokens of the model by their texts, without those that were added. */
    Map<String, Integer> vocabulary() {
        Map<String, Integer> ids = new HashMap<>();
        JsonTree.child(JsonTree.child(tokenizer, "model"), "vocab").forEach((token, id) -> {
            if (id instanceof Integer number) {
                ids.put(token, number);
            }
        });
        return ids;
    }

    /** Returns the text of a special token, which may stand as a text or as an object. */
    Optional<String> special(String name) {
        Object value = settings.get(name + "_token");
        return Optional.ofNullable(value instanceof String ? value : JsonTree.object(value).get(CONTENT))
                .filter(String.class::isInstance).map(String.class::cast);
    }

    /** Returns the template of talks, or the several under their names, wherever the directory has them. */
    Optional<Object> chatTemplate() {
        Object stated = settings.get("chat_template");
        if (stated != null) {
            return Optional.of(stated);
        }
        Path file = directory.resolve("chat_template.jinja");
        try {
            if (Files.isRegularFile(file)) {
                return Optional.of(Files.readString(file));
            }
        } catch (IOException e) {
            throw new WeightsException("'" + file + "' cannot be read (" + e.getMessage() + ")", e);
        }
        return JsonTree.object(directory.resolve("chat_template.json")).map(json -> json.get("chat_template"));
    }
}
