package org.intarsia.http.openai.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.engine.api.Redraw;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Request.Priority;
import org.intarsia.engine.api.Sampling;
import org.intarsia.http.Admission;
import org.intarsia.http.Exchange;
import org.intarsia.http.Models;
import org.intarsia.http.openai.parts.Batch;
import org.intarsia.http.openai.parts.Fields;
import org.intarsia.http.openai.parts.Ids;
import org.intarsia.http.openai.parts.Notes;
import org.intarsia.http.openai.parts.PictureInput;
import org.intarsia.http.openai.parts.PictureOutput;
import org.intarsia.http.openai.parts.Progress;
import org.intarsia.http.openai.parts.SamplingFields;
import org.intarsia.http.openai.parts.ServiceTier;
import org.intarsia.http.openai.parts.Usage;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;

/** Makes and edits pictures: what both endpoints of pictures do alike. */
public final class Images {
    /** As many as OpenAI makes for one request. */
    private static final int MOST = 10;

    private final Models models;
    private final Admission admission;

    public Images(Models models, Admission admission) {
        this.models = models;
        this.admission = admission;
    }

    /**
     * Answers a request for pictures, at once or as a stream.
     *
     * @param kind     what the names of events begin with: {@code image_generation} or {@code image_edit}
     * @param pictures that were handed in
     * @param mask     says which cells of the first picture are drawn anew; only then the others are handed to the model alone
     */
    void answer(Exchange exchange, Fields fields, String kind, List<PictureInput> pictures, Optional<Mask> mask) {
        String prompt = fields.text("prompt")
                .orElseThrow(() -> fields.wrong("prompt", "is missing: say what the picture shows, or what to change"));
        int count = fields.whole("n", 1, MOST).orElse(1L).intValue();
        PictureOutput output = PictureOutput.read(fields);
        boolean url = isUrl(fields);
        boolean streamed = fields.flag("stream");
        Progress progress = new Progress(exchange, fields.object("intarsia"));
        try (Models.Opened opened = models.open(fields.text("model").orElse(null))) {
            Model model = opened.model();
            PictureOutput.check(model);
            PictureGrid grid = model.grid();
            Optional<Redraw> redraw = mask.map(some -> some.redraw(model, pictures.getFirst()));
            Sampling sampling = SamplingFields.guidance(fields, SamplingFields.read(fields, model.sampling(Goal.PICTURE)));
            Priority priority = ServiceTier.priority(fields);
            long seed = SamplingFields.seed(fields);
            int every = streamed ? previewEvery(fields, redraw.map(some -> some.cells().cardinality()).orElse(grid.cells())) : 0;
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Request request = new Request(parts(prompt, redraw.isPresent() ? pictures.subList(1, pictures.size()) : pictures),
                        Goal.PICTURE, sampling.withSeed(seed + i), every).withPriority(priority);
                requests.add(redraw.map(request::withRedraw).orElse(request));
            }
            Notes notes = new Notes();
            notes.text(model, prompt);
            noteSize(fields, grid, notes);
            notes.ignored(fields);
            if (streamed) {
                ImageStream stream = new ImageStream(exchange, kind, model, requests, output, notes, progress);
                Batch.run(exchange, admission, model, requests, progress::queued, stream);
            } else {
                List<Answer> answers = Batch.run(exchange, admission, model, requests, _ -> { }, _ -> { });
                exchange.json(200, json(model, requests, answers, output, url, notes));
            }
        }
    }

    private static int previewEvery(Fields fields, int codes) {
        int previews = PictureOutput.previews(fields);
        return fields.object("intarsia").whole("preview_every", 1, Integer.MAX_VALUE).map(Long::intValue)
                .orElseGet(() -> PictureOutput.previewEvery(previews, codes));
    }

    /** The instruction stands before the pictures that it is about. */
    private static List<Part> parts(String prompt, List<PictureInput> pictures) {
        List<Part> parts = new ArrayList<>();
        parts.add(new Text(prompt));
        pictures.forEach(picture -> parts.add(picture.image()));
        return parts;
    }

    /** Clients send {@code response_format} as a text or as an object with a type. */
    private static boolean isUrl(Fields fields) {
        JsonNode format = fields.node("response_format").orElse(JsonNodeFactory.instance.textNode("b64_json"));
        return switch (format.isObject() ? format.path("type").asText("") : format.asText("")) {
            case "b64_json" -> false;
            case "url" -> true;
            default -> throw fields.wrong("response_format", "must be b64_json or url; url gives a data URL");
        };
    }

    /** Clients send their own standard size, so another one than the model's is no error. */
    private static void noteSize(Fields fields, PictureGrid grid, Notes notes) {
        String size = grid.width() + "x" + grid.height();
        fields.text("size").filter(asked -> !asked.equals("auto") && !asked.equals(size))
                .ifPresent(_ -> notes.add("size: the model makes pictures of " + size + " only"));
    }

    private static ObjectNode json(Model model, List<Request> requests, List<Answer> answers, PictureOutput output, boolean url,
            Notes notes) {
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i);
            String record = PictureOutput.record(answer, requests.get(i), requests.size(), i);
            ObjectNode picture = data.addObject();
            if (url) {
                picture.put("url", output.url(answer.images().getFirst(), Optional.of(record)));
            } else {
                picture.put("b64_json", output.base64(answer.images().getFirst(), Optional.of(record)));
            }
            picture.set("intarsia", PictureOutput.origin(model, answer, requests.get(i).sampling(), record, notes));
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("created", Ids.created());
        json.set("data", data);
        output.describe(json, answers.getFirst().images().getFirst());
        json.set("usage", Usage.of(answers, 1, model.grid().cells()).ofPictures());
        return json;
    }
}
