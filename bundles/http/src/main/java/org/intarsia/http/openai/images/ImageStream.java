package org.intarsia.http.openai.images;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
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
 * Sends pictures as they come: {@code KIND.partial_image} for each preview, {@code KIND.completed} for each picture. The stream
 * begins with the first of them, so that what goes wrong before is answered with a status of its own.
 */
final class ImageStream implements Consumer<Event> {
    private final Exchange exchange;
    private final String kind;
    private final Model model;
    private final List<Request> requests;
    private final PictureOutput output;
    private final Notes notes;
    private final Progress progress;
    private final int[] previews;

    ImageStream(Exchange exchange, String kind, Model model, List<Request> requests, PictureOutput output, Notes notes,
            Progress progress) {
        this.exchange = exchange;
        this.kind = kind;
        this.model = model;
        this.requests = requests;
        this.output = output;
        this.notes = notes;
        this.progress = progress;
        this.previews = new int[requests.size()];
    }

    @Override
    public void accept(Event event) {
        progress.hear(event);
        switch (event) {
            case Event.Preview preview -> {
                ObjectNode json = picture(".partial_image", preview.image(), Optional.empty(), event.request());
                send(json.put("partial_image_index", previews[event.request()]++));
            }
            case Event.Finished finished when finished.answer().outcome() == Answer.Outcome.COMPLETE -> completed(finished);
            default -> { }
        }
    }

    private void completed(Event.Finished finished) {
        Answer answer = finished.answer();
        Request request = requests.get(finished.request());
        String record = PictureOutput.record(answer, request, requests.size(), finished.request());
        ObjectNode json = picture(".completed", answer.images().getFirst(), Optional.of(record), finished.request());
        json.set("usage", Usage.of(List.of(answer), 1, model.grid().cells()).ofPictures());
        json.set("intarsia", PictureOutput.origin(model, answer, request.sampling(), record, notes));
        send(json);
    }

    private ObjectNode picture(String event, Image picture, Optional<String> record, int index) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", kind + event)
                .put("b64_json", output.base64(picture, record)).put("created_at", Ids.created());
        output.describe(json, picture);
        return json.put("index", index);
    }

    private void send(ObjectNode json) {
        exchange.events().send(json.get("type").textValue(), json);
    }
}
