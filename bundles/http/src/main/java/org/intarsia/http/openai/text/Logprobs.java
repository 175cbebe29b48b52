package org.intarsia.http.openai.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.intarsia.engine.api.Alternative;
import org.intarsia.engine.api.Event;

/**
 * Writes the log probabilities of tokens, in the two shapes that OpenAI's API has. The text of a token that is only a part of a
 * character shows the bytes that are no UTF-8 as {@code \xE2}, as OpenAI's API does.
 */
final class Logprobs {
    /** What stands before such a text in completions, which have no list of bytes. */
    private static final String BYTES = "bytes:";

    private Logprobs() {
    }

    /** Returns a list of tokens, as chat completions and responses have it. */
    static ArrayNode tokens(List<Event.Token> tokens) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Event.Token token : tokens) {
            ObjectNode json = token(token.bytes(), logprob(token));
            ArrayNode top = json.putArray("top_logprobs");
            for (Alternative alternative : token.top()) {
                top.add(token(alternative.bytes(), alternative.logprob()));
            }
            list.add(json);
        }
        return list;
    }

    /** A token beside which no other was allowed is certain. */
    private static double logprob(Event.Token token) {
        return token.logprob().orElse(0);
    }

    private static ObjectNode token(byte[] own, double logprob) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("token", shown(own)).put("logprob", logprob);
        ArrayNode bytes = json.putArray("bytes");
        for (byte unit : own) {
            bytes.add(unit & 0xFF);
        }
        return json;
    }

    private static String shown(byte[] bytes) {
        StringBuilder shown = new StringBuilder();
        ByteBuffer left = ByteBuffer.wrap(bytes);
        // Malformed input is not replaced but ends each step, so that its bytes can be shown.
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer characters = CharBuffer.allocate(bytes.length + 1);
        while (left.hasRemaining()) {
            CoderResult result = decoder.reset().decode(left, characters, true);
            shown.append(characters.flip());
            characters.clear();
            for (int i = 0; i < (result.isError() ? result.length() : 0); i++) {
                shown.append(String.format(Locale.ROOT, "\\x%02x", left.get() & 0xFF));
            }
        }
        return shown.toString();
    }

    private static String label(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes) ? text : BYTES + shown(bytes);
    }

    /** Returns the object that choices of chat completions have. */
    static ObjectNode ofChat(List<Event.Token> tokens) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("content", tokens(tokens));
        return json.putNull("refusal");
    }

    /**
     * Returns the object that choices of completions have.
     *
     * @param offset the number of characters before the first of the tokens
     */
    static ObjectNode ofCompletion(List<Event.Token> tokens, int offset) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode texts = json.putArray("tokens");
        ArrayNode logprobs = json.putArray("token_logprobs");
        ArrayNode tops = json.putArray("top_logprobs");
        ArrayNode offsets = json.putArray("text_offset");
        int place = offset;
        for (Event.Token token : tokens) {
            texts.add(label(token.bytes()));
            logprobs.add(logprob(token));
            ObjectNode top = tops.addObject();
            token.top().forEach(alternative -> top.put(label(alternative.bytes()), alternative.logprob()));
            offsets.add(place);
            place += token.text().length();
        }
        return json;
    }
}
