package org.intarsia.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Tokens and their ids, read from {@code tokenizer.json}: the model's own, and those added to it, which win. Immutable
 * once it is read.
 */
final class Vocabulary {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<Integer, String> tokens = new HashMap<>();
    private int size;

    private Vocabulary() {
    }

    /** Reads what is needed of a file and passes over the rest, of which the merges are most. */
    static Vocabulary read(String json) throws IOException {
        Vocabulary vocabulary = new Vocabulary();
        Map<String, Integer> added = new HashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "added_tokens" -> readAdded(parser, added);
                    case "model" -> vocabulary.readModel(parser);
                    default -> parser.skipChildren();
                }
            }
        }
        added.forEach(vocabulary::put);
        return vocabulary;
    }

    private static void readAdded(JsonParser parser, Map<String, Integer> added) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String content = "";
            int id = -1;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "content" -> content = parser.getText();
                    case "id" -> id = parser.getIntValue();
                    default -> parser.skipChildren();
                }
            }
            added.put(content, id);
        }
    }

    private void readModel(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (!field.equals("vocab")) {
                parser.skipChildren();
            } else if (value == JsonToken.START_OBJECT) {
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String token = parser.currentName();
                    parser.nextToken();
                    put(token, parser.getIntValue());
                }
            } else {
                readScored(parser);
            }
        }
    }

    /** A unigram model lists pairs of token and score; the place is the id. */
    private void readScored(JsonParser parser) throws IOException {
        for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
            parser.nextToken();
            put(parser.getText(), id);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parser.skipChildren();
            }
        }
    }

    private void put(String token, int id) {
        ids.put(token, id);
        tokens.put(id, token);
        size = Math.max(size, id + 1);
    }

    OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    String token(int id) {
        return tokens.getOrDefault(id, "");
    }

    int size() {
        return size;
    }
}
