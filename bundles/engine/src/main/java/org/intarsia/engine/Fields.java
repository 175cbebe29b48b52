package org.intarsia.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.intarsia.model.api.ModelException;

/** What layouts do with the fields of JSON files: they go under other names into new ones. */
final class Fields {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Fields() {
    }

    /**
     * The fields of a file.
     *
     * @param where names the file in messages
     */
    static JsonNode read(String text, String where) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ModelException(where + " is no valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Copies a field, where it is there. */
    static void copy(JsonNode from, String name, ObjectNode to, String newName) {
        if (from.has(name)) {
            to.set(newName, from.get(name));
        }
    }
}
