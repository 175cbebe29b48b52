package org.intarsia.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The templates of {@code tokenizer.json}, which put special tokens around a text. The native library takes one that names
 * a token which it does not define, or stands behind another, and brings the process down when it is used.
 */
final class Templates {
    private static final JsonFactory JSON = new JsonFactory();

    private Templates() {
    }

    /**
     * Checks all templates of a file.
     *
     * @throws IOException naming the tokens that a template does not define
     */
    static void check(String json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("post_processor")) {
                    checkProcessor(parser);
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    /** A processor, or a sequence of them; whether there is a template. */
    private static boolean checkProcessor(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return false;
        }
        boolean templated = false;
        Set<String> used = new TreeSet<>();
        Set<String> defined = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("processors") && value == JsonToken.START_ARRAY) {
                boolean another = false;
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    boolean template = checkProcessor(parser);
                    if (template && another) {
                        throw new IOException("it has a template behind another, which the library cannot use");
                    }
                    another |= template;
                }
                templated |= another;
            } else if (field.equals("special_tokens") && value == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    defined.add(parser.currentName());
                    parser.nextToken();
                    parser.skipChildren();
                }
            } else if ((field.equals("single") || field.equals("pair")) && value == JsonToken.START_ARRAY) {
                templated = true;
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    readPiece(parser, used);
                }
            } else {
                parser.skipChildren();
            }
        }
        used.removeAll(defined);
        if (!used.isEmpty()) {
            throw new IOException("its template uses " + String.join(", ", used) + ", which its special_tokens lack");
        }
        return templated;
    }

    /** {@code {"SpecialToken": {"id": "<s>", "type_id": 0}}}, or a text. */
    private static void readPiece(JsonParser parser, Set<String> used) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean special = parser.currentName().equals("SpecialToken");
            if (parser.nextToken() != JsonToken.START_OBJECT || !special) {
                parser.skipChildren();
                continue;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean id = parser.currentName().equals("id");
                if (parser.nextToken() == JsonToken.VALUE_STRING && id) {
                    used.add(parser.getText());
                }
                parser.skipChildren();
            }
        }
    }
}
