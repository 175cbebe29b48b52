package org.intarsia.families.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.intarsia.model.api.ModelException;

/**
 * How byte-level tokenizers divide text before they look up pairs. GGUF files only name a rule ({@code tokenizer.ggml.pre});
 * {@code pre-tokenizers.json} has for each the names that stand for it, and what {@code tokenizer.json} says instead. A
 * further rule is an entry there.
 */
public final class PreTokenizers {
    private static final JsonNode RULES = read();

    private PreTokenizers() {
    }

    private static JsonNode read() {
        try (InputStream stream = PreTokenizers.class.getResourceAsStream("pre-tokenizers.json")) {
            return new ObjectMapper().readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException("the bundle lacks a resource of its own", e);
        }
    }

    /**
     * What {@code tokenizer.json} says for a rule.
     *
     * @throws ModelException when there is no such rule
     */
    public static JsonNode named(String name, Path file) {
        JsonNode rule = find(name);
        if (rule.isMissingNode()) {
            Set<String> known = new TreeSet<>();
            RULES.forEach(each -> each.get("names").forEach(one -> known.add(one.asText())));
            throw new ModelException("'" + file + "' has a tokenizer that divides text by the rule '" + name
                    + "'; known are " + String.join(", ", known));
        }
        return rule.get("pre_tokenizer");
    }

    /** Whether a word that is a token is taken as it is; such tokenizers also begin every text with a token. */
    public static boolean takesWholeWords(String name) {
        return find(name).path("whole_words").asBoolean();
    }

    private static JsonNode find(String name) {
        for (JsonNode rule : RULES) {
            for (JsonNode known : rule.get("names")) {
                if (known.asText().equals(name)) {
                    return rule;
                }
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    /** The step that turns bytes into characters and back. */
    public static JsonNode byteLevel(boolean useRule) {
        return JsonNodeFactory.instance.objectNode().put("type", "ByteLevel").put("add_prefix_space", false)
                .put("trim_offsets", true).put("use_regex", useRule);
    }
}
