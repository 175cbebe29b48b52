package org.intarsia.http.platform;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.Servlet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Differences;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.PictureFormat;
import org.intarsia.engine.api.PictureRecord;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Request.Priority;
import org.intarsia.http.Admission;
import org.intarsia.http.Endpoint;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpEndpoint;
import org.intarsia.http.HttpException;
import org.intarsia.http.Models;
import org.intarsia.http.openai.parts.PictureInput;
import org.intarsia.model.api.Image;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code POST /intarsia/reproduce}: makes a picture again from the record that it carries, and says in what the two differ. The
 * pictures that it began with come in {@code images}, the one that was redrawn last.
 */
@Component(service = Servlet.class)
@Endpoint(servlet_pattern = "/intarsia/reproduce")
public final class ReproduceEndpoint extends HttpEndpoint {
    private static final long serialVersionUID = 1;

    private final transient Models models;
    private final transient Admission admission;

    @Activate
    public ReproduceEndpoint(@Reference Models models, @Reference Admission admission) {
        this.models = models;
        this.admission = admission;
    }

    @Override
    protected void answer(Exchange exchange) {
        exchange.allow("POST");
        JsonNode asked = exchange.json();
        if (!asked.hasNonNull("image")) {
            throw HttpException.invalid("image", "image is missing: hand in a picture that was made here, as a data URL or base64");
        }
        PictureInput picture = PictureInput.of("image", asked.get("image"));
        PictureRecord record = picture.record().orElseThrow(() -> HttpException.invalid("image",
                "image carries no record of how it was made; only pictures of this platform do, while nobody has saved them anew"));
        List<Image> begun = new ArrayList<>();
        asked.path("images").forEach(node -> begun.add(PictureInput.of("images", node).image()));
        List<Request> requests = record.requests(begun);
        try (Models.Opened opened = models.open(record.origin().model()); Admission.Ticket ticket = admission.take(exchange, Priority.NORMAL, _ -> { })) {
            record.checkAdapters(opened.model());
            Generation generation = opened.model().prepare(requests, _ -> { });
            exchange.onGone(generation::cancel);
            ticket.cancelOnStop(generation);
            Answer answer = generation.run().get(record.place());
            ticket.check();
            exchange.checkGone();
            exchange.json(200, compared(picture, record, answer, requests.get(record.place())));
        }
    }

    private static Map<String, Object> compared(PictureInput picture, PictureRecord record, Answer answer, Request request) {
        Image image = answer.images().getFirst();
        byte[] file = PictureFormat.PNG.encode(image,
                Optional.of(PictureRecord.of(answer, request, record.together(), record.place()).json()));
        OptionalInt first = Differences.firstToken(record.tokens(), answer.ids());
        Map<String, Object> compared = new LinkedHashMap<>();
        compared.put("same_tokens", first.isEmpty());
        compared.put("first_other_token", first.isPresent() ? first.getAsInt() : null);
        compared.put("same_bytes", Arrays.equals(file, picture.content()));
        compared.put("colours", Differences.colours(picture.image(), image));
        compared.put("differences", record.differences(answer.origin()));
        compared.put("b64_json", Base64.getEncoder().encodeToString(file));
        return compared;
    }
}
