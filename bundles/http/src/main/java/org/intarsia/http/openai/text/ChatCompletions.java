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
import org.intarsia.http.Admission;
import org.intarsia.http.Exchange;
import org.intarsia.http.Models;
import org.intarsia.http.openai.parts.Batch;
import org.intarsia.http.openai.parts.Fields;
import org.intarsia.http.openai.parts.Ids;
import org.intarsia.http.openai.parts.Notes;
import org.intarsia.http.openai.parts.PictureOutput;
import org.intarsia.http.openai.parts.Progress;
import org.intarsia.http.openai.parts.ServiceTier;
import org.intarsia.http.openai.parts.Route;
import org.intarsia.http.openai.parts.Usage;
import org.intarsia.model.api.Image;

/** {@code POST /v1/chat/completions}: answers a conversation with text, with pictures, or with both. */
public final class ChatCompletions implements Route {
    private static final int MOST = 10;

    private final Models models;
    private final Admission admission;
    private final ChatPrompts prompts;

    public ChatCompletions(Models models, Admission admission, ChatPrompts prompts) {
        this.models = models;
        this.admission = admission;
        this.prompts = prompts;
    }

    @Override
    public void answer(Exchange exchange, String rest) {
        exchange.allow("POST");
        Fields fields = Fields.of(exchange.json());
        Conversation conversation = Conversation.ofMessages(fields);
        int count = fields.whole("n", 1, MOST).orElse(1L).intValue();
        int logprobs = logprobs(fields);
        boolean streamed = fields.flag("stream");
        boolean usage = fields.object("stream_options").flag("include_usage");
        PictureOutput output = PictureOutput.read(fields);
        Progress progress = new Progress(exchange, fields.object("intarsia"));
        TextRequests.refuse("response_format", fields.node("response_format"));
        TextRequests.refuseTools(fields);
        try (Models.Opened opened = models.open(fields.text("model").orElse(null))) {
            Model model = opened.model();
            Notes notes = new Notes();
            Goal goal = TextRequests.goal(fields, model);
            List<Request> requests = prompts.requests(fields, fields, model, goal, conversation, notes, count, logprobs,
                    "max_completion_tokens", "max_tokens");
            notes.text(model, conversation.text());
            notes.ignored(fields);
            if (streamed) {
                ChatStream stream = new ChatStream(exchange, model, requests, output, notes, progress, usage);
                stream.end(Batch.run(exchange, admission, model, requests, progress::queued, stream));
            } else {
                ObjectNode json = json(model, requests, Batch.run(exchange, admission, model, requests, _ -> { }, _ -> { }), output, notes);
                ServiceTier.tell(fields, json);
                exchange.json(200, json);
            }
        }
    }

    private static int logprobs(Fields fields) {
        int top = fields.whole("top_logprobs", 0, Request.MOST_LOGPROBS).orElse(0L).intValue();
        return fields.flag("logprobs") ? top : Request.NO_LOGPROBS;
    }

    private static ObjectNode json(Model model, List<Request> requests, List<Answer> answers, PictureOutput output, Notes notes) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", Ids.fresh("chatcmpl-")).put("object", "chat.completion")
                .put("created", Ids.created()).put("model", model.name());
        ArrayNode choices = json.putArray("choices");
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i);
            ObjectNode choice = choices.addObject().put("index", i);
            ObjectNode message = choice.putObject("message").put("role", "assistant").put("content", answer.text()).putNull("refusal");
            Optional<String> record = requests.get(i).goal() == Goal.PICTURE
                    ? Optional.of(PictureOutput.record(answer, requests.get(i), requests.size(), i)) : Optional.empty();
            for (Image image : answer.images()) {
                images(message, output.url(image, record));
            }
            choice.put("finish_reason", TextRequests.finishReason(answer));
            choice.set("logprobs", requests.get(i).logprobs() == Request.NO_LOGPROBS ? null : Logprobs.ofChat(answer.tokens()));
        }
        json.set("usage", Usage.of(answers, 1, TextRequests.codes(requests.getFirst(), model)).ofCompletion());
        json.set("intarsia", TextRequests.origin(answers.getFirst(), requests.getFirst(), notes));
        return json;
    }

    /** Adds a picture to a message, or to what a chunk adds to one. */
    static void images(ObjectNode message, String url) {
        ArrayNode images = message.withArray("images");
        images.addObject().put("type", "image_url").put("index", images.size() - 1).putObject("image_url").put("url", url);
    }
}
