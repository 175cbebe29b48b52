package org.intarsia.http.openai.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
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
import org.intarsia.http.openai.parts.Route;
import org.intarsia.http.openai.parts.Usage;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;

/** {@code POST /v1/completions}: goes on where texts end. */
public final class Completions implements Route {
    private static final int MOST = 16;

    private final Models models;
    private final Admission admission;

    public Completions(Models models, Admission admission) {
        this.models = models;
        this.admission = admission;
    }

    @Override
    public void answer(Exchange exchange, String rest) {
        exchange.allow("POST");
        Fields fields = Fields.of(exchange.json());
        List<String> prompts = prompts(fields);
        int count = fields.whole("n", 1, MOST).orElse(1L).intValue();
        if (prompts.size() * count > MOST) {
            throw fields.wrong("n", "times the number of prompts must be at most " + MOST);
        }
        int logprobs = fields.whole("logprobs", 0, Request.MOST_LOGPROBS).map(Long::intValue).orElse(Request.NO_LOGPROBS);
        boolean echo = fields.flag("echo");
        if (echo && logprobs != Request.NO_LOGPROBS) {
            throw fields.wrong("echo", "cannot be had together with logprobs: the tokens of prompts are not scored");
        }
        if (fields.whole("best_of", 1, MOST).orElse((long) count) != count) {
            throw fields.wrong("best_of", "must be equal to n: all answers that are made are sent");
        }
        if (fields.text("suffix").filter(text -> !text.isEmpty()).isPresent()) {
            throw fields.wrong("suffix", "is not offered: models here go on where a text ends");
        }
        boolean streamed = fields.flag("stream");
        boolean usage = fields.object("stream_options").flag("include_usage");
        try (Models.Opened opened = models.open(fields.text("model").orElse(null))) {
            Model model = opened.model();
            List<List<Part>> parts = prompts.stream().map(prompt -> List.<Part>of(new Text(prompt))).toList();
            List<Request> requests = TextRequests.of(fields, fields, model, Goal.CONTINUATION, parts, count, logprobs, "max_tokens");
            Notes notes = new Notes();
            prompts.forEach(prompt -> notes.text(model, prompt));
            notes.ignored(fields);
            Writer writer = new Writer(model, echo ? prompts : List.of(), count);
            if (streamed) {
                List<Answer> answers = Batch.run(exchange, admission, model, requests, _ -> { },
                        event -> writer.stream(exchange, requests, event));
                if (usage) {
                    ObjectNode last = writer.completion();
                    last.putArray("choices");
                    last.set("usage", Usage.of(answers, prompts.size(), 0).ofCompletion());
                    exchange.events().send(null, last);
                }
                exchange.events().raw("[DONE]");
            } else {
                List<Answer> answers = Batch.run(exchange, admission, model, requests, _ -> { }, _ -> { });
                ObjectNode json = writer.whole(requests, answers);
                json.set("usage", Usage.of(answers, prompts.size(), 0).ofCompletion());
                json.set("intarsia", TextRequests.origin(answers.getFirst(), requests.getFirst(), notes));
                exchange.json(200, json);
            }
        }
    }

    private static List<String> prompts(Fields fields) {
        if (fields.list("prompt").stream().anyMatch(node -> node.isNumber() || node.isArray())) {
            throw fields.wrong("prompt", "must be a text or a list of texts: tokens are not taken");
        }
        List<String> prompts = fields.texts("prompt");
        if (prompts.isEmpty()) {
            throw fields.wrong("prompt", "is missing: hand in the beginning of a text");
        }
        return prompts;
    }

    /** Writes the answers to one request. */
    private static final class Writer {
        private final Model model;
        private final List<String> echo;
        private final int count;
        private final String id = Ids.fresh("cmpl-");
        private final long created = Ids.created();
        private final List<Integer> told = new ArrayList<>();

        /** @param echo what is repeated in front of answers, for each prompt; empty where nothing is */
        Writer(Model model, List<String> echo, int count) {
            this.model = model;
            this.echo = echo;
            this.count = count;
        }

        ObjectNode completion() {
            return JsonNodeFactory.instance.objectNode().put("id", id).put("object", "text_completion").put("created", created)
                    .put("model", model.name());
        }

        private String before(int index) {
            return echo.isEmpty() ? "" : echo.get(index / count);
        }

        ObjectNode whole(List<Request> requests, List<Answer> answers) {
            ObjectNode json = completion();
            ArrayNode choices = json.putArray("choices");
            for (int i = 0; i < answers.size(); i++) {
                Answer answer = answers.get(i);
                choices.add(choice(i, before(i) + answer.text(), TextRequests.finishReason(answer),
                        requests.get(i).logprobs() == Request.NO_LOGPROBS ? null : Logprobs.ofCompletion(answer.tokens(), 0)));
            }
            return json;
        }

        private static ObjectNode choice(int index, String text, String finishReason, ObjectNode logprobs) {
            ObjectNode choice = JsonNodeFactory.instance.objectNode().put("index", index).put("text", text);
            choice.set("logprobs", logprobs);
            return choice.put("finish_reason", finishReason);
        }

        void stream(Exchange exchange, List<Request> requests, Event event) {
            while (told.size() < requests.size()) {
                told.add(-1);
            }
            int index = event.request();
            switch (event) {
                case Event.TextPiece piece when requests.get(index).logprobs() == Request.NO_LOGPROBS && !piece.text().isEmpty() ->
                        send(exchange, index, piece.text(), null, null);
                case Event.Token token -> send(exchange, index, token.text(), null,
                        Logprobs.ofCompletion(List.of(token), Math.max(0, told.get(index))));
                case Event.Finished finished when finished.answer().outcome() != Answer.Outcome.CANCELLED ->
                        send(exchange, index, "", TextRequests.finishReason(finished.answer()), null);
                default -> { }
            }
        }

        private void send(Exchange exchange, int index, String text, String finishReason, ObjectNode logprobs) {
            String first = told.get(index) < 0 ? before(index) : "";
            told.set(index, Math.max(0, told.get(index)) + text.length());
            ObjectNode chunk = completion();
            chunk.putArray("choices").add(choice(index, first + text, finishReason, logprobs));
            exchange.events().send(null, chunk);
        }
    }
}
