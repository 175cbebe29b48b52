package org.intarsia.http.openai.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Request;
import org.intarsia.http.Exchange;
import org.intarsia.http.openai.parts.Ids;
import org.intarsia.http.openai.parts.Progress;
import org.intarsia.model.api.Image;

/** Sends a response as events, item by item: a message while its text comes, a picture while its codes come. */
final class ResponseStream implements Consumer<Event> {
    private final Exchange exchange;
    private final ResponseWriter writer;
    private final Progress progress;
    private final ArrayNode items = JsonNodeFactory.instance.arrayNode();
    private final List<Event.Token> tokens = new ArrayList<>();
    private int sequence;
    private boolean begun;
    /** The item that is being sent; null between two. */
    private String item;
    private boolean isPicture;
    private final StringBuilder text = new StringBuilder();
    private int previews;

    ResponseStream(Exchange exchange, ResponseWriter writer, Progress progress) {
        this.exchange = exchange;
        this.writer = writer;
        this.progress = progress;
    }

    @Override
    public void accept(Event event) {
        progress.hear(event);
        boolean alone = writer.request().goal() == Goal.PICTURE;
        switch (event) {
            case Event.TextPiece piece when writer.request().logprobs() == Request.NO_LOGPROBS && !piece.text().isEmpty() ->
                    text(piece.text(), List.of());
            case Event.Token token -> text(token.text(), List.of(token));
            case Event.PictureProgress _ -> beginPicture();
            case Event.Preview preview -> send("response.image_generation_call.partial_image", json -> of(json)
                    .put("partial_image_index", previews++).put("partial_image_b64", writer.preview(preview.image())));
            case Event.PictureDone done when !alone -> endPicture(done.image(), null);
            case Event.Finished finished when finished.answer().outcome() != Answer.Outcome.CANCELLED -> {
                if (alone) {
                    endPicture(finished.answer().images().getFirst(), finished.answer());
                }
                endMessage();
            }
            default -> { }
        }
    }

    /** Sends the whole response. */
    void end(Answer answer) {
        ObjectNode whole = writer.whole(answer, items);
        send("response." + whole.get("status").textValue(), json -> json.set("response", whole));
    }

    private void text(String piece, List<Event.Token> scored) {
        if (item == null) {
            item = Ids.fresh("msg_");
            isPicture = false;
            text.setLength(0);
            tokens.clear();
            add(ResponseItems.message(item));
            send("response.content_part.added", json -> part(json).set("part", ResponseItems.text("", List.of())));
        }
        text.append(piece);
        tokens.addAll(scored);
        send("response.output_text.delta", json -> part(json).put("delta", piece).set("logprobs", Logprobs.tokens(scored)));
    }

    private void endMessage() {
        if (item == null || isPicture) {
            return;
        }
        send("response.output_text.done", json -> part(json).put("text", text.toString()).set("logprobs", Logprobs.tokens(tokens)));
        send("response.content_part.done", json -> part(json).set("part", ResponseItems.text(text.toString(), tokens)));
        done(ResponseItems.message(item, text.toString(), tokens));
    }

    private void beginPicture() {
        endMessage();
        if (item != null) {
            return;
        }
        item = Ids.fresh("ig_");
        isPicture = true;
        previews = 0;
        add(ResponseItems.picture(item));
        send("response.image_generation_call.in_progress", this::of);
        send("response.image_generation_call.generating", this::of);
    }

    private void endPicture(Image image, Answer answer) {
        send("response.image_generation_call.completed", this::of);
        done(writer.picture(item, image, answer));
    }

    private void add(ObjectNode added) {
        send("response.output_item.added", json -> json.put("output_index", items.size()).set("item", added));
    }

    private void done(ObjectNode done) {
        send("response.output_item.done", json -> json.put("output_index", items.size()).set("item", done));
        items.add(done);
        item = null;
    }

    private ObjectNode of(ObjectNode json) {
        return json.put("item_id", item).put("output_index", items.size());
    }

    private ObjectNode part(ObjectNode json) {
        return of(json).put("content_index", 0);
    }

    private void send(String type, Consumer<ObjectNode> content) {
        if (!begun) {
            begun = true;
            send("response.created", json -> json.set("response", writer.begun()));
            send("response.in_progress", json -> json.set("response", writer.begun()));
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", type).put("sequence_number", sequence++);
        content.accept(json);
        exchange.events().send(type, json);
    }
}
