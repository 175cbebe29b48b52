package org.intarsia.weights.llamacpp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.weights.WeightsException;

/**
 * Reads JSON files into maps, lists, texts, numbers, truth values and null. Nesting and length are bounded, since the files
 * come from anywhere; a tokenizer of 256,000 tokens takes 35 MB.
 */
final class JsonTree {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).maxStringLength(16 << 20)
                    .maxDocumentLength(1L << 28).build())
            // Interned, the names of a hostile file would outlive it.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private JsonTree() {
    }

    /**
     * Reads the object that a file holds; empty where there is no such file.
     *
     * @throws WeightsException when the file holds something else, or is broken
     */
    static Optional<Map<String, Object>> object(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (JsonParser parser = FACTORY.createParser(file.toFile())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new WeightsException("'" + file + "' does not hold a JSON object");
            }
            Map<String, Object> object = object(parser);
            if (parser.nextToken() != null) {
                throw new WeightsException("'" + file + "' goes on behind its JSON object");
            }
            return Optional.of(object);
        } catch (IOException e) {
            throw new WeightsException("'" + file + "' is not valid JSON ("
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ")", e);
        }
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.put(name, value(parser));
        }
        return object;
    }

    private static List<Object> array(JsonParser parser) throws IOException {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null, default -> null;
        };
    }

    /** Returns the object under a name; an empty one where something else stands there. */
    static Map<String, Object> child(Map<String, Object> object, String name) {
        return object(object.get(name));
    }

    /** Returns a value as an object; an empty one where it is none. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** Returns the items of the list under a name; none where something else stands there. */
    @SuppressWarnings("unchecked")
    static List<Object> list(Map<String, Object> object, String name) {
        return object.get(name) instanceof List<?> list ? (List<Object>) list : List.of();
    }
}
