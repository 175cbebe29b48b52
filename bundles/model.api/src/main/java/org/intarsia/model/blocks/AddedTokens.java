package org.intarsia.model.blocks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;

/** The ids of the tokens that {@code tokenizer.json} adds to its vocabulary: marks of streams, pictures and turns. */
public final class AddedTokens {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "tokenizer.json";
    private static final String CONFIG = "tokenizer_config.json";

    private final Map<String, Integer> ids;

    private AddedTokens(Map<String, Integer> ids) {
        this.ids = ids;
    }

    /**
     * Reads them; a model without {@code tokenizer.json} has none.
     *
     * @throws ModelException when the file is no JSON
     */
    public static AddedTokens read(ModelFiles files) {
        Map<String, Integer> ids = new HashMap<>();
        files.json(FILE).ifPresent(text -> {
            try {
                for (JsonNode token : JSON.readTree(text).path("added_tokens")) {
                    if (token.path("id").canConvertToInt() && token.path("content").isTextual()) {
                        ids.put(token.path("content").textValue(), token.path("id").intValue());
                    }
                }
            } catch (JsonProcessingException e) {
                throw new ModelException(FILE + " of the model in " + files.directory() + " is no valid JSON: "
                        + e.getOriginalMessage(), e);
            }
        });
        return new AddedTokens(ids);
    }

    /**
     * Returns the text of a special token by its name in {@code tokenizer_config.json}, such as {@code bos_token}.
     *
     * @throws ModelException when the file is no JSON
     */
    public static Optional<String> named(ModelFiles files, String name) {
        return files.json(CONFIG).flatMap(text -> {
            try {
                JsonNode token = JSON.readTree(text).path(name);
                JsonNode content = token.isObject() ? token.path("content") : token;
                return content.isTextual() ? Optional.of(content.textValue()) : Optional.empty();
            } catch (JsonProcessingException e) {
                throw new ModelException(CONFIG + " of the model in " + files.directory() + " is no valid JSON: "
                        + e.getOriginalMessage(), e);
            }
        });
    }

    public boolean has(String token) {
        return ids.containsKey(token);
    }

    /** The id of a token; −1 when there is none. */
    public int id(String token) {
        return ids.getOrDefault(token, -1);
    }
}
