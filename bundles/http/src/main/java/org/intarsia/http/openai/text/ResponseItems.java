package org.intarsia.http.openai.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.Event;
import org.intarsia.http.openai.parts.PictureOutput;
import org.intarsia.model.api.Image;

/** Writes the items of a response: messages and pictures. */
final class ResponseItems {
    private ResponseItems() {
    }

    /** Returns a message without content yet. */
    static ObjectNode message(String id) {
        ObjectNode item = JsonNodeFactory.instance.objectNode().put("type", "message").put("id", id).put("status", "in_progress")
                .put("role", "assistant");
        item.putArray("content");
        return item;
    }

    /** Returns a message with its text. */
    static ObjectNode message(String id, String text, List<Event.Token> tokens) {
        ObjectNode item = message(id).put("status", "completed");
        item.withArray("content").add(text(text, tokens));
        return item;
    }

    /** Returns the only part of a message. */
    static ObjectNode text(String text, List<Event.Token> tokens) {
        ObjectNode part = JsonNodeFactory.instance.objectNode().put("type", "output_text").put("text", text);
        part.putArray("annotations");
        part.set("logprobs", Logprobs.tokens(tokens));
        return part;
    }

    /** Returns a picture that is yet to come. */
    static ObjectNode picture(String id) {
        return JsonNodeFactory.instance.objectNode().put("type", "image_generation_call").put("id", id).put("status", "in_progress")
                .putNull("result");
    }

    /** Returns a picture. */
    static ObjectNode picture(String id, Image image, PictureOutput output, Optional<String> record) {
        ObjectNode item = picture(id).put("status", "completed").put("result", output.base64(image, record));
        output.describe(item, image);
        return item;
    }
}
