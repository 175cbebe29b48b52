package org.intarsia.http.openai.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Request;
import org.intarsia.http.Exchange;
import org.intarsia.http.openai.parts.Ids;
import org.intarsia.http.openai.parts.Notes;
import org.intarsia.http.openai.parts.PictureOutput;
import org.intarsia.http.openai.parts.Progress;
import org.intarsia.http.openai.parts.Usage;
import org.intarsia.model.api.Image;

/**
 * Sends a chat completion in chunks, as its text and pictures come. The stream begins with the first of them, so that what goes
 * wrong before is answered with a status of its own.
 */
final class ChatStream implements Consumer<Event> {
    private final Exchange exchange;
    private final Model model;
    private final List<Request> requests;
    private final PictureOutput output;
    private final Notes notes;
    private final Progress progress;
    private final boolean usage;
    private final String id = Ids.fresh("chatcmpl-");
    private final long created = Ids.created();
    private final BitSet begun = new BitSet();

    ChatStream(Exchange exchange, Model model, List<Request> requests, PictureOutput output, Notes notes, Progress progress,
            boolean usage) {
        this.exchange = exchange;
        this.model = model;
        this.requests = requests;
        this.output = output;
        this.notes = notes;
        this.progress = progress;
        this.usage = usage;
    }

    @Override
    public void accept(Event event) {
        progress.hear(event);
        Request request = requests.get(event.request());
        switch (event) {
            case Event.TextPiece piece when request.logprobs() == Request.NO_LOGPROBS && !piece.text().isEmpty() ->
                    send(event.request(), delta -> delta.put("content", piece.text()), null, null);
            case Event.Token token -> send(event.request(), delta -> delta.put("content", token.text()), null,
                    Logprobs.ofChat(List.of(token)));
            case Event.Preview preview -> exchange.events().send("intarsia.partial_image", JsonNodeFactory.instance.objectNode()
                    .put("type", "intarsia.partial_image").put("index", event.request())
                    .put("url", output.url(preview.image(), Optional.empty())));
            case Event.PictureDone done when request.goal() != Goal.PICTURE -> picture(event.request(), done.image(), Optional.empty());
            case Event.Finished finished when finished.answer().outcome() != Answer.Outcome.CANCELLED -> finish(finished, request);
            default -> { }
        }
    }

    private void finish(Event.Finished finished, Request request) {
        int index = finished.request();
        Answer answer = finished.answer();
        if (request.goal() == Goal.PICTURE) {
            picture(index, answer.images().getFirst(), Optional.of(PictureOutput.record(answer, request, requests.size(), index)));
        }
        ObjectNode last = chunk(index, _ -> { }, TextRequests.finishReason(answer), null);
        last.set("intarsia", TextRequests.origin(answer, request, notes));
        exchange.events().send(null, last);
    }

    private void picture(int index, Image image, Optional<String> record) {
        send(index, delta -> ChatCompletions.images(delta, output.url(image, record)), null, null);
    }

    /** Sends what follows the last chunk of the last choice. */
    void end(List<Answer> answers) {
        if (usage) {
            ObjectNode last = chunk();
            last.putArray("choices");
            last.set("usage", Usage.of(answers, 1, TextRequests.codes(requests.getFirst(), model)).ofCompletion());
            exchange.events().send(null, last);
        }
        exchange.events().raw("[DONE]");
    }

    private void send(int index, Consumer<ObjectNode> content, String finishReason, ObjectNode logprobs) {
        exchange.events().send(null, chunk(index, content, finishReason, logprobs));
    }

    /** Returns a chunk of a choice; sends the one with the role before, where this is the first. */
    private ObjectNode chunk(int index, Consumer<ObjectNode> content, String finishReason, ObjectNode logprobs) {
        if (!begun.get(index)) {
            begun.set(index);
            send(index, delta -> delta.put("role", "assistant").put("content", ""), null, null);
        }
        ObjectNode chunk = chunk();
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
        content.accept(choice.putObject("delta"));
        choice.set("logprobs", logprobs);
        choice.put("finish_reason", finishReason);
        if (usage) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    private ObjectNode chunk() {
        return JsonNodeFactory.instance.objectNode().put("id", id).put("object", "chat.completion.chunk").put("created", created)
                .put("model", model.name());
    }
}
