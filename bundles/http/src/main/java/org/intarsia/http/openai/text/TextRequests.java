package org.intarsia.http.openai.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Request.Priority;
import org.intarsia.engine.api.Sampling;
import org.intarsia.http.HttpException;
import org.intarsia.http.openai.parts.Fields;
import org.intarsia.http.openai.parts.Notes;
import org.intarsia.http.openai.parts.PictureOutput;
import org.intarsia.http.openai.parts.SamplingFields;
import org.intarsia.http.openai.parts.ServiceTier;
import org.intarsia.model.api.Part;

/** Makes requests to the engine for endpoints whose answers are text, or text and pictures. */
final class TextRequests {
    private static final String OPTIONS = "intarsia";

    private TextRequests() {
    }

    /**
     * Returns requests with seeds that follow each other. The settings of a request are those of its text, or of its picture
     * where nothing else is asked for; pictures in the midst of text are as the model likes them, but for guidance and seed.
     *
     * @param tool     where {@code partial_images} stands
     * @param parts    what is handed in, for each prompt
     * @param count    how many answers each prompt gets
     * @param logprobs how many alternatives are told for each token, or {@link Request#NO_LOGPROBS}
     * @param length   the names that the most tokens may have, best first
     */
    static List<Request> of(Fields fields, Fields tool, Model model, Goal goal, List<List<Part>> parts, int count, int logprobs,
            String... length) {
        boolean picture = goal == Goal.PICTURE;
        Sampling best = model.sampling(goal == Goal.INTERLEAVED ? Goal.ANSWER : goal);
        Sampling sampling = SamplingFields.length(fields, SamplingFields.read(fields, best), length);
        Sampling pictures = picture || goal == Goal.INTERLEAVED
                ? SamplingFields.guidance(fields, picture ? sampling : model.sampling(Goal.PICTURE)) : sampling;
        List<String> stop = SamplingFields.stop(fields);
        Priority priority = ServiceTier.priority(fields);
        long seed = SamplingFields.seed(fields);
        // Asked for in any case: nothing is ignored where an answer without pictures has no previews.
        Optional<Long> asked = fields.object(OPTIONS).whole("preview_every", 1, Integer.MAX_VALUE);
        int draft = fields.object(OPTIONS).whole("draft", 0, Request.MOST_DRAFT).orElse(0L).intValue();
        int previewEvery = picture || goal == Goal.INTERLEAVED ? previewEvery(fields, tool, model, asked) : 0;
        List<Request> requests = new ArrayList<>();
        for (List<Part> prompt : parts) {
            for (int i = 0; i < count; i++) {
                long own = seed + requests.size();
                requests.add(new Request(prompt, goal, (picture ? pictures : sampling).withSeed(own), pictures.withSeed(own),
                        previewEvery, Optional.empty(), stop, logprobs).withDraft(draft).withPriority(priority));
            }
        }
        return requests;
    }

    private static int previewEvery(Fields fields, Fields tool, Model model, Optional<Long> asked) {
        if (!fields.flag("stream")) {
            return 0;
        }
        int previews = PictureOutput.previews(tool);
        return asked.map(Long::intValue).orElseGet(() -> PictureOutput.previewEvery(previews, model.grid().cells()));
    }

    /**
     * Returns what an answer of chat is to be. Without {@code modalities} a model that can mix text and pictures decides itself,
     * any other answers with text.
     */
    static Goal goal(Fields fields, Model model) {
        List<String> modalities = fields.texts("modalities");
        for (String modality : modalities) {
            if (!modality.equals("text") && !modality.equals("image")) {
                throw fields.wrong("modalities", "may hold text and image only");
            }
        }
        boolean image = modalities.contains("image");
        if (image) {
            PictureOutput.check(model);
        }
        if (modalities.isEmpty() || image && modalities.contains("text")) {
            return model.makes(Goal.INTERLEAVED) ? Goal.INTERLEAVED : image ? Goal.PICTURE : Goal.ANSWER;
        }
        return image ? Goal.PICTURE : Goal.ANSWER;
    }

    /** Refuses answers of a certain form, such as JSON: a client relies on it when it asks for it. */
    static void refuse(String param, Optional<JsonNode> format) {
        format.map(node -> node.isObject() ? node.path("type").asText("text") : node.asText("text"))
                .filter(type -> !type.equals("text")).ifPresent(_ -> {
                    throw HttpException.invalid(param, param + " must be text: no other form of an answer can be promised");
                });
    }

    /** Refuses {@code tool_choice} where it demands a call: models here call no tools, which they are free to where it does not. */
    static void refuseTools(Fields fields) {
        fields.node("tool_choice").filter(choice -> !choice.asText("").equals("auto") && !choice.asText("").equals("none"))
                .ifPresent(_ -> {
                    throw fields.wrong("tool_choice", "must be auto or none: the models of this server call no tools");
                });
    }

    /** Returns how many tokens a picture in the answer takes; 0 where there can be none. */
    static int codes(Request request, Model model) {
        return request.goal() == Goal.PICTURE || request.goal() == Goal.INTERLEAVED ? model.grid().cells() : 0;
    }

    /** Returns why an answer ended, in OpenAI's words. */
    static String finishReason(Answer answer) {
        return answer.outcome() == Answer.Outcome.LENGTH ? "length" : "stop";
    }

    /** Returns where an answer comes from: the object {@code intarsia} of the whole answer. */
    static ObjectNode origin(Answer answer, Request request, Notes notes) {
        ObjectNode origin = JsonNodeFactory.instance.objectNode().put("seed", request.sampling().seed())
                .put("model", answer.origin().model()).put("backend", String.join(", ", answer.origin().devices()));
        origin.set("notes", notes.json());
        return origin;
    }
}
