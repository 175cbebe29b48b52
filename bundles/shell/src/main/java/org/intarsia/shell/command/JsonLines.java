package org.intarsia.shell.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.stream.StreamSupport;
import org.intarsia.model.api.ModelException;
import org.intarsia.text.Quoted;

/** Lines of JSON in UTF-8, each a text or an array of token ids. A line that is neither is named by its number. */
final class JsonLines {
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final String TEXT = "a JSON string, such as \"a red star\"";
    private static final String IDS = "a JSON array of token ids, such as [1, 2, 3]";

    private JsonLines() {
    }

    static String text(byte[] line, int number) {
        JsonNode node = read(line, number, TEXT);
        if (!node.isTextual()) {
            throw wrong(number, TEXT, "something else");
        }
        return node.textValue();
    }

    static int[] ids(byte[] line, int number) {
        JsonNode node = read(line, number, IDS);
        boolean sound = node.isArray() && StreamSupport.stream(node.spliterator(), false)
                .allMatch(id -> id.isIntegralNumber() && id.canConvertToInt() && id.intValue() >= 0);
        if (!sound) {
            throw wrong(number, IDS, "something else");
        }
        return StreamSupport.stream(node.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
    }

    static String text(String text) throws JsonProcessingException {
        return Quoted.lines(MAPPER.writeValueAsString(text));
    }

    static String ids(int[] ids) throws JsonProcessingException {
        return MAPPER.writeValueAsString(ids);
    }

    private static JsonNode read(byte[] line, int number, String expected) {
        try {
            return MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw wrong(number, expected, "no valid JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (IOException e) {
            throw wrong(number, expected, "no text in UTF-8: " + e.getMessage());
        }
    }

    private static ModelException wrong(int number, String expected, String what) {
        return new ModelException("line " + number + " of standard input should be " + expected + ", but it is " + what);
    }
}
