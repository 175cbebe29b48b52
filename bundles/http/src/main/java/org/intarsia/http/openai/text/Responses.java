package org.intarsia.http.openai.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Request;
import org.intarsia.http.Admission;
import org.intarsia.http.Exchange;
import org.intarsia.http.Models;
import org.intarsia.http.openai.parts.Batch;
import org.intarsia.http.openai.parts.Fields;
import org.intarsia.http.openai.parts.Notes;
import org.intarsia.http.openai.parts.PictureOutput;
import org.intarsia.http.openai.parts.Progress;
import org.intarsia.http.openai.parts.Route;

/**
 * {@code POST /v1/responses}: answers with text, and with pictures where the request has the tool {@code image_generation}.
 * Nothing is stored, so a request holds its whole conversation.
 */
public final class Responses implements Route {
    private static final String TOOL = "image_generation";

    private final Models models;
    private final Admission admission;
    private final ChatPrompts prompts;

    public Responses(Models models, Admission admission, ChatPrompts prompts) {
        this.models = models;
        this.admission = admission;
        this.prompts = prompts;
    }

    @Override
    public void answer(Exchange exchange, String rest) {
        exchange.allow("POST");
        Fields fields = Fields.of(exchange.json());
        if (fields.text("previous_response_id").isPresent()) {
            throw fields.wrong("previous_response_id", "cannot be followed: this server stores no responses; send the whole"
                    + " conversation as input");
        }
        if (fields.node("conversation").isPresent()) {
            throw fields.wrong("conversation", "cannot be followed: this server stores none; send the whole conversation as input");
        }
        if (fields.node("prompt").isPresent()) {
            throw fields.wrong("prompt", "cannot be followed: this server stores no prompts; send the text itself as input");
        }
        if (fields.flag("background")) {
            throw fields.wrong("background", "must be false: this server stores no responses");
        }
        Conversation conversation = Conversation.ofInput(fields);
        Optional<Fields> tool = tool(fields);
        PictureOutput output = PictureOutput.read(tool.orElse(fields));
        TextRequests.refuse("text.format", fields.object("text").node("format"));
        int logprobs = fields.texts("include").contains("message.output_text.logprobs")
                ? fields.whole("top_logprobs", 0, Request.MOST_LOGPROBS).orElse(0L).intValue() : Request.NO_LOGPROBS;
        boolean streamed = fields.flag("stream");
        Progress progress = new Progress(exchange, fields.object("intarsia"));
        try (Models.Opened opened = models.open(fields.text("model").orElse(null))) {
            Model model = opened.model();
            Notes notes = new Notes();
            Goal goal = goal(fields, model, tool.isPresent());
            Request request = prompts.requests(fields, tool.orElse(fields), model, goal, conversation, notes, 1, logprobs,
                    "max_output_tokens").getFirst();
            notes.text(model, conversation.text());
            notes.ignored(fields);
            tool.ifPresent(notes::ignored);
            ResponseWriter writer = new ResponseWriter(model, fields, request, output, notes);
            if (streamed) {
                ResponseStream stream = new ResponseStream(exchange, writer, progress);
                stream.end(Batch.run(exchange, admission, model, List.of(request), progress::queued, stream).getFirst());
            } else {
                exchange.json(200, writer.whole(Batch.run(exchange, admission, model, List.of(request), _ -> { }, _ -> { })
                        .getFirst()));
            }
        }
    }

    private static Optional<Fields> tool(Fields fields) {
        List<JsonNode> tools = fields.list("tools");
        for (int i = 0; i < tools.size(); i++) {
            Fields tool = Fields.of("tools[" + i + "].", tools.get(i));
            if (tool.node("type").filter(type -> type.asText("").equals(TOOL)).isPresent()) {
                if (tool.node("input_image_mask").isPresent()) {
                    throw tool.wrong("input_image_mask", "is not followed: /v1/images/edits draws the cells of a mask anew");
                }
                return Optional.of(tool);
            }
        }
        return Optional.empty();
    }

    /** Without the tool the answer is text; with it the model decides where it can, else it is a picture. */
    private static Goal goal(Fields fields, Model model, boolean tool) {
        JsonNode choice = fields.node("tool_choice").orElse(JsonNodeFactory.instance.textNode("auto"));
        String chosen = choice.isObject() ? choice.path("type").asText("") : choice.asText("");
        boolean demanded = chosen.equals(TOOL) || chosen.equals("required");
        if (demanded && !tool || !demanded && !chosen.equals("auto") && !chosen.equals("none")) {
            throw fields.wrong("tool_choice", "demands a tool that is not there: image_generation is the only one");
        }
        if (!tool || chosen.equals("none")) {
            return Goal.ANSWER;
        }
        PictureOutput.check(model);
        return demanded || !model.makes(Goal.INTERLEAVED) ? Goal.PICTURE : Goal.INTERLEAVED;
    }
}
