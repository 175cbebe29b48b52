package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;

/** The precision of models, by their weights or as asked, and its record in answers. */
class PrecisionTest {
    /** Its weights are block-quantised in four encodings. */
    private static final Path QUANTISED = GgufModelTest.GGUF.resolve("llama.gguf");
    private static final Sampling EIGHT = Sampling.GREEDY.withMaxTokens(8);

    private static Request request(String text) {
        return new Request(List.of(new Text(text)), Goal.CONTINUATION, EIGHT);
    }

    @Test
    void blockQuantisedWeightsAreFastUnlessAsked() {
        try (OpenModel model = new Workshop().withAllFamilies().open(QUANTISED)) {
            assertThat(model.precision()).isEqualTo(Precision.FAST);
            Answer answer = model.answer(request("once upon a time"));
            assertThat(answer.origin().devices()).singleElement().asString().endsWith(" fast");
            assertThat(answer.origin().precision()).isEqualTo(Precision.FAST);
        }
        try (OpenModel model = new Workshop().withAllFamilies().open(QUANTISED, Placement.ANYWHERE.with(Precision.EXACT))) {
            assertThat(model.precision()).isEqualTo(Precision.EXACT);
            Answer answer = model.answer(request("once upon a time"));
            assertThat(answer.origin().devices()).singleElement().asString().doesNotContain("fast");
            assertThat(answer.origin().precision()).isEqualTo(Precision.EXACT);
        }
    }

    @Test
    void otherWeightsAreExactUnlessAsked() {
        try (OpenModel model = new Workshop().withAllFamilies().open("llama-tied")) {
            assertThat(model.precision()).isEqualTo(Precision.EXACT);
            assertThat(model.answer(request("once upon a time")).origin().precision()).isEqualTo(Precision.EXACT);
        }
        Path fixture = Workshop.FIXTURES.resolve("llama-tied");
        try (OpenModel model = new Workshop().withAllFamilies().open(fixture, Placement.ANYWHERE.with(Precision.FAST))) {
            assertThat(model.precision()).isEqualTo(Precision.FAST);
        }
    }

    @Test
    void fastAnswersAreTheSameAloneAndBesideOthers() {
        List<Request> requests = new ArrayList<>();
        for (int i = 1; i <= 11; i++) {
            requests.add(request("once upon a time ".repeat(i)));
        }
        try (OpenModel model = new Workshop().withAllFamilies().open(QUANTISED)) {
            List<List<Integer>> alone = requests.stream().map(each -> model.answer(each).ids()).toList();
            List<List<Integer>> together = model.prepare(requests, event -> { }).run().stream().map(Answer::ids).toList();
            assertThat(together).isEqualTo(alone);
        }
    }
}
