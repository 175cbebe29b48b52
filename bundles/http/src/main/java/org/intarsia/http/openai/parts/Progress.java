package org.intarsia.http.openai.parts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.intarsia.engine.api.Event;
import org.intarsia.http.Admission;
import org.intarsia.http.Exchange;

/**
 * Tells how far a request is, as events {@code intarsia.progress}, where it asks for that with
 * {@code "intarsia": {"progress": true}}. The phases are {@code queued}, {@code loading}, {@code reading} and {@code drawing}.
 */
public final class Progress {
    private static final String EVENT = "intarsia.progress";

    private final Exchange exchange;
    private final boolean asked;
    private long firstCode;

    /** @param options the object {@code intarsia} of the request */
    public Progress(Exchange exchange, Fields options) {
        this.exchange = exchange;
        this.asked = options.flag("progress");
    }

    /** Tells the place in the queue. */
    public void queued(Admission.Waiting waiting) {
        if (asked) {
            ObjectNode json = phase("queued").put("place", waiting.place());
            waiting.seconds().ifPresent(seconds -> json.put("seconds_left", seconds));
            exchange.events().send(EVENT, json);
        }
    }

    /** Tells what is progress among the events of a generation. */
    public void hear(Event event) {
        if (!asked) {
            return;
        }
        switch (event) {
            case Event.Loading _ -> send(phase("loading"), event);
            case Event.Reading reading -> send(phase("reading").put("done", reading.done()).put("total", reading.total()), event);
            case Event.PictureProgress drawn -> send(drawing(drawn), event);
            default -> { }
        }
    }

    private ObjectNode drawing(Event.PictureProgress drawn) {
        long now = System.nanoTime();
        ObjectNode json = phase("drawing").put("codes", drawn.codes()).put("total", drawn.total()).put("code", drawn.code());
        if (drawn.codes() <= 1) {
            firstCode = now;
        } else {
            // All pictures of a batch are drawn at the same pace.
            json.put("seconds_left", (now - firstCode) / 1e9 / (drawn.codes() - 1) * (drawn.total() - drawn.codes()));
        }
        return json;
    }

    private void send(ObjectNode json, Event event) {
        exchange.events().send(EVENT, json.put("index", event.request()));
    }

    private static ObjectNode phase(String name) {
        return JsonNodeFactory.instance.objectNode().put("type", EVENT).put("phase", name);
    }
}
