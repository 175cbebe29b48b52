package org.intarsia.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes a JSON document as bytes say: so mutated bytes give documents that are valid JSON, and wrong further in. Each
 * edit takes four bytes: two say where, one how, one which value.
 */
final class JsonEdits {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EDIT = 4;
    private static final List<JsonNode> VALUES = values("0", "1", "-1", "2", "3", "7", "8", "64", "1000", "65536", "2147483647",
            "-2147483648", "2147483648", "9223372036854775807", "-9223372036854775809", "1e308", "-1e308", "1e-320", "0.5",
            "1e999", "\"\"", "\"x\"", "\"1\"", "\"../..\"", "\"\\u0000\"", "\"\\ud800\"", "\"\ud83d\ude00\"", "\"none\"", "true",
            "false", "null", "[]", "{}", "[0]", "[1,2,3]", "[-1]", "[null]", "[[]]", "{\"a\":{}}", "[2147483647]",
            "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]");

    /** An element of an object or list. */
    private record Place(JsonNode parent, String field, int index) {
        JsonNode value() {
            return parent instanceof ObjectNode ? parent.get(field) : parent.get(index);
        }

        void put(JsonNode value) {
            if (parent instanceof ObjectNode object) {
                object.set(field, value);
            } else {
                ((ArrayNode) parent).set(index, value);
            }
        }

        void remove() {
            if (parent instanceof ObjectNode object) {
                object.remove(field);
            } else {
                ((ArrayNode) parent).remove(index);
            }
        }

        void repeat() {
            if (parent instanceof ObjectNode object) {
                object.set(field + "_", value());
            } else {
                ((ArrayNode) parent).insert(index, value().deepCopy());
            }
        }
    }

    private JsonEdits() {
    }

    private static List<JsonNode> values(String... texts) {
        List<JsonNode> values = new ArrayList<>();
        for (String text : texts) {
            values.add(parse(text));
        }
        return values;
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** The document after all edits that the bytes hold. */
    static String apply(JsonNode document, ByteBuffer edits) {
        JsonNode changed = document.deepCopy();
        while (edits.remaining() >= EDIT) {
            List<Place> places = new ArrayList<>();
            collect(changed, places);
            if (places.isEmpty()) {
                break;
            }
            Place place = places.get(Short.toUnsignedInt(edits.getShort()) % places.size());
            int kind = Byte.toUnsignedInt(edits.get());
            int which = Byte.toUnsignedInt(edits.get());
            switch (kind % 8) {
                case 0 -> place.remove();
                case 1 -> place.repeat();
                // What stands elsewhere in the document is a likely thing to be taken for something else.
                case 2 -> place.put(places.get((kind << 8 | which) % places.size()).value().deepCopy());
                case 3 -> place.put(JSON.getNodeFactory().numberNode(which));
                default -> place.put(VALUES.get(which % VALUES.size()).deepCopy());
            }
        }
        return changed.toString();
    }

    private static void collect(JsonNode node, List<Place> places) {
        if (node instanceof ObjectNode) {
            node.fieldNames().forEachRemaining(name -> places.add(new Place(node, name, 0)));
        } else if (node instanceof ArrayNode) {
            for (int i = 0; i < node.size(); i++) {
                places.add(new Place(node, "", i));
            }
        }
        node.forEach(child -> collect(child, places));
    }
}
