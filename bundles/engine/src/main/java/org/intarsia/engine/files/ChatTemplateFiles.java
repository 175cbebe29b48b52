package org.intarsia.engine.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.intarsia.engine.api.ChatTemplate;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;

/**
 * Finds the chat template of a model as transformers does: a file of its own wins over {@code tokenizer_config.json}, whose
 * template may be a text, or a list of named ones, of which {@code default} is taken.
 */
public final class ChatTemplateFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "chat_template.jinja";
    private static final String OLD_FILE = "chat_template.json";
    private static final String CONFIG = "tokenizer_config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String KEY = "chat_template";
    private static final String DEFAULT = "default";

    private ChatTemplateFiles() {
    }

    /**
     * Reads the template; empty where the files have none.
     *
     * @throws ModelException when one of the files is no JSON
     */
    public static Optional<ChatTemplate> read(ModelFiles files) {
        JsonNode config = json(files, CONFIG);
        Optional<String> text = files.json(FILE).or(() -> template(config.path(KEY))).or(() -> template(json(files, OLD_FILE).path(KEY)));
        return text.map(template -> new ChatTemplate(template, named(config), special(json(files, TOKENIZER))));
    }

    private static Optional<String> template(JsonNode node) {
        if (node.isTextual()) {
            return Optional.of(node.textValue());
        }
        JsonNode chosen = node.path(DEFAULT);
        for (JsonNode each : node) {
            if (node.isArray() && (node.size() == 1 || each.path("name").asText("").equals(DEFAULT))) {
                chosen = each.path("template");
            }
        }
        return chosen.isTextual() ? Optional.of(chosen.textValue()) : Optional.empty();
    }

    private static Map<String, String> named(JsonNode config) {
        Map<String, String> tokens = new TreeMap<>();
        config.properties().forEach(entry -> {
            JsonNode content = entry.getValue().isObject() ? entry.getValue().path("content") : entry.getValue();
            if (entry.getKey().endsWith("_token") && content.isTextual()) {
                tokens.put(entry.getKey(), content.textValue());
            }
        });
        return tokens;
    }

    private static List<String> special(JsonNode tokenizer) {
        List<String> special = new ArrayList<>();
        for (JsonNode token : tokenizer.path("added_tokens")) {
            if (token.path("special").asBoolean() && token.path("content").isTextual()) {
                special.add(token.path("content").textValue());
            }
        }
        return special;
    }

    private static JsonNode json(ModelFiles files, String name) {
        try {
            return JSON.readTree(files.json(name).orElse("{}"));
        } catch (JsonProcessingException e) {
            throw new ModelException(name + " of the model in " + files.directory() + " is no valid JSON: "
                    + e.getOriginalMessage(), e);
        }
    }
}
