package org.intarsia.http.openai.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Request;
import org.intarsia.http.openai.parts.Fields;
import org.intarsia.http.openai.parts.Ids;
import org.intarsia.http.openai.parts.Notes;
import org.intarsia.http.openai.parts.PictureOutput;
import org.intarsia.http.openai.parts.ServiceTier;
import org.intarsia.http.openai.parts.Usage;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;

/** Writes the object of a response, before and after it has its answer. */
final class ResponseWriter {
    private final Model model;
    private final Fields fields;
    private final Request request;
    private final PictureOutput output;
    private final Notes notes;
    private final String id = Ids.fresh("resp_");
    private final long created = Ids.created();

    ResponseWriter(Model model, Fields fields, Request request, PictureOutput output, Notes notes) {
        this.model = model;
        this.fields = fields;
        this.request = request;
        this.output = output;
        this.notes = notes;
    }

    Request request() {
        return request;
    }

    /** Returns the response as it is before anything has come. */
    ObjectNode begun() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", id).put("object", "response").put("created_at", created)
                .put("status", "in_progress").putNull("error").putNull("incomplete_details");
        json.set("instructions", fields.node("instructions").orElse(null));
        json.put("model", model.name());
        json.putArray("output");
        json.put("parallel_tool_calls", false).putNull("previous_response_id").put("store", false)
                .put("temperature", request.sampling().temperature()).put("top_p", request.sampling().topP())
                .put("max_output_tokens", request.sampling().maxTokens()).put("truncation", "disabled");
        json.putObject("text").putObject("format").put("type", "text");
        json.set("tool_choice", fields.node("tool_choice").orElse(JsonNodeFactory.instance.textNode("auto")));
        json.set("tools", fields.node("tools").orElseGet(JsonNodeFactory.instance::arrayNode));
        json.putObject("metadata");
        return json.putNull("usage");
    }

    /** Returns the whole response, with items of its own. */
    ObjectNode whole(Answer answer) {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        for (Part part : answer.parts()) {
            switch (part) {
                case Text text -> items.add(ResponseItems.message(Ids.fresh("msg_"), text.text(), answer.tokens()));
                case Image image -> items.add(picture(Ids.fresh("ig_"), image, answer));
            }
        }
        return whole(answer, items);
    }

    /** Returns the whole response with items that were sent before. */
    ObjectNode whole(Answer answer, ArrayNode items) {
        ObjectNode json = begun();
        boolean cut = answer.outcome() == Answer.Outcome.LENGTH;
        json.put("status", cut ? "incomplete" : "completed");
        if (cut) {
            json.putObject("incomplete_details").put("reason", "max_output_tokens");
        }
        ServiceTier.tell(fields, json);
        json.set("output", items);
        json.set("usage", Usage.of(List.of(answer), 1, TextRequests.codes(request, model)).ofResponse());
        json.set("intarsia", TextRequests.origin(answer, request, notes));
        return json;
    }

    /** Returns a picture of the answer; one that was asked for alone carries its record. */
    ObjectNode picture(String item, Image image, Answer answer) {
        return ResponseItems.picture(item, image, output, request.goal() == Goal.PICTURE
                ? Optional.of(PictureOutput.record(answer, request, 1, 0)) : Optional.empty());
    }

    /** Returns a picture as far as it has come, in base64. */
    String preview(Image image) {
        return output.base64(image, Optional.empty());
    }
}
