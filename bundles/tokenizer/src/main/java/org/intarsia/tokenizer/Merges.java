package org.intarsia.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * The merges of {@code tokenizer.json}. Where tokens inside a word begin with a prefix, the native library cuts it from the
 * second part of each merge without looking, and brings the process down where that part is shorter.
 */
final class Merges {
    private static final JsonFactory JSON = new JsonFactory();

    private Merges() {
    }

    /**
     * Checks all merges of a file.
     *
     * @throws IOException naming the first merge that lacks the prefix
     */
    static void check(String json) throws IOException {
        try (JsonParser parser = atModel(json)) {
            String prefix = "";
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals("continuing_subword_prefix");
                if (parser.nextToken() == JsonToken.VALUE_STRING && found) {
                    prefix = parser.getText();
                }
                parser.skipChildren();
            }
            // Nearly all files have none, so nobody waits for the merges.
            if (!prefix.isEmpty()) {
                check(json, prefix);
            }
        }
    }

    private static void check(String json, String prefix) throws IOException {
        try (JsonParser parser = atModel(json)) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals("merges");
                if (parser.nextToken() == JsonToken.START_ARRAY && found) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        String second = second(parser);
                        if (!second.startsWith(prefix)) {
                            throw new IOException("its merge to '" + second + "' lacks the continuing_subword_prefix '" + prefix
                                    + "'");
                        }
                    }
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    /** A merge is {@code "a b"} or {@code ["a", "b"]}. */
    private static String second(JsonParser parser) throws IOException {
        String last = "";
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                last = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
                parser.skipChildren();
            }
        } else if (parser.currentToken() == JsonToken.VALUE_STRING) {
            last = parser.getText().substring(parser.getText().indexOf(' ') + 1);
        } else {
            parser.skipChildren();
        }
        return last;
    }

    /** Before the first field of the model; at the end of the file where there is none. */
    private static JsonParser atModel(String json) throws IOException {
        JsonParser parser = JSON.createParser(json);
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean model = parser.currentName().equals("model");
            if (parser.nextToken() == JsonToken.START_OBJECT && model) {
                return parser;
            }
            parser.skipChildren();
        }
        return parser;
    }
}
