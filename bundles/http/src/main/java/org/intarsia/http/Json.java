package org.intarsia.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads and writes the JSON of requests and answers. What a request says beyond what is known is ignored. */
public final class Json {
    /** Deeper documents are refused. */
    private static final int MOST_DEPTH = 64;
    /** A picture in base64 is one string. */
    private static final int MOST_CHARACTERS = 128 << 20;

    private static final JsonMapper MAPPER = mapper();

    private Json() {
    }

    private static JsonMapper mapper() {
        JsonMapper mapper = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
        mapper.getFactory().setStreamReadConstraints(StreamReadConstraints.builder()
                .maxNestingDepth(MOST_DEPTH).maxStringLength(MOST_CHARACTERS).build());
        return mapper;
    }

    /**
     * Reads a document.
     *
     * @throws HttpException with status 400 where it is no JSON object
     */
    public static JsonNode object(byte[] body) {
        try {
            JsonNode node = MAPPER.readTree(body);
            if (node == null || !node.isObject()) {
                throw HttpException.refused(400, "invalid_json", "the body must be a JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw HttpException.refused(400, "invalid_json", "the body is no JSON that can be read: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the JSON of a record, map or node, on one line. */
    public static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("answers are made of texts, numbers and lists", e);
        }
    }
}
