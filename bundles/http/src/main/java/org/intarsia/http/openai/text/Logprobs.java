package org.intarsia.http.openai.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.intarsia.engine.api.Alternative;
import org.intarsia.engine.api.Event;

/** Writes the log probabilities of tokens, in the two shapes that OpenAI's API has. */
final class Logprobs {

    private Logprobs() {
    }

    /** Returns a list of tokens, as chat completions and responses have it. */
    static ArrayNode tokens(List<Event.Token> tokens) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Event.Token token : tokens) {
            ObjectNode json = token(token.text(), logprob(token));
            ArrayNode top = json.putArray("top_logprobs");
            for (Alternative alternative : token.top()) {
                top.add(token(alternative.text(), alternative.logprob()));
            }
            list.add(json);
        }
        return list;
    }

    /** A token beside which no other was allowed is certain. */
    private static double logprob(Event.Token token) {
        return token.logprob().orElse(0);
    }

    private static ObjectNode token(String text, double logprob) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("token", text).put("logprob", logprob);
        ArrayNode bytes = json.putArray("bytes");
        for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(unit & 0xFF);
        }
        return json;
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
            texts.add(token.text());
            logprobs.add(logprob(token));
            ObjectNode top = tops.addObject();
            token.top().forEach(alternative -> top.put(alternative.text(), alternative.logprob()));
            offsets.add(place);
            place += token.text().length();
        }
        return json;
    }
}
