package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.intarsia.engine.api.Alternative;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.pipeline.GuidanceBatch;
import org.intarsia.engine.pipeline.ModelPipeline;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Text;
import org.intarsia.model.api.TransformerCore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stop strings, log probabilities, and what is told of reading and loading. */
class TextEventsTest {
    private static final String MODEL = "chameleon-7b";
    private static final Image PICTURE = PictureFiles.read(Workshop.FIXTURES.resolve(MODEL).resolve("input.png"));

    private static Request request(Goal goal) {
        return new Request(List.of(new Text("What is shown?"), PICTURE), goal,
                goal == Goal.INTERLEAVED ? Sampling.builder().temperature(0.9).seed(3).maxTokens(24).build()
                        : Sampling.builder().temperature(1).repetitionPenalty(1.2).seed(3).maxTokens(24).build());
    }

    @ParameterizedTest
    @EnumSource(value = Goal.class, names = {"ANSWER", "CONTINUATION", "INTERLEAVED"})
    void textEndsBeforeAStopString(Goal goal) {
        try (OpenModel model = new Workshop().open(MODEL)) {
            String whole = ((Text) model.answer(request(goal)).parts().getFirst()).text();
            String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 3);
            StringBuilder told = new StringBuilder();
            Answer answer = model.prepare(List.of(request(goal).withStop(List.of("never comes", stop))), event -> {
                if (event instanceof Event.TextPiece piece) {
                    told.append(piece.text());
                }
            }).run().getFirst();
            assertThat(answer.text()).isEqualTo(whole.substring(0, whole.indexOf(stop))).isEqualTo(told.toString());
            assertThat(answer.outcome()).isEqualTo(Answer.Outcome.COMPLETE);
        }
    }

    @Test
    void logProbabilitiesAreThoseOfTheRawScores() {
        Workshop workshop = new Workshop();
        try (OpenModel model = workshop.open(MODEL)) {
            Request request = request(Goal.CONTINUATION);
            List<Event> events = new ArrayList<>();
            Answer answer = model.prepare(List.of(request.withLogprobs(3)), events::add).run().getFirst();
            Answer plain = model.answer(request);
            assertThat(answer.ids()).isEqualTo(plain.ids());
            assertThat(plain.tokens()).isEmpty();
            assertThat(events.stream().filter(Event.Token.class::isInstance).toList()).isEqualTo(answer.tokens());
            assertThat(answer.tokens().stream().map(Event.Token::text).collect(Collectors.joining())).isEqualTo(answer.text());
            assertThat(answer.tokens().stream().map(Event.Token::id).toList()).isEqualTo(answer.ids());

            GuidanceBatch guided = model.using(() -> {
                ModelPipeline pipeline = model.pipelines().take();
                return pipeline.layout().guided(request, pipeline.layout().source(request.written()));
            });
            float[] scores = workshop.scores(model, guided.rows(), TransformerCore.Head.TEXT)[0];
            int[] words = model.using(() -> model.pipelines().take().layout().words(false));
            double sum = 0;
            for (int id : words) {
                sum += Math.exp(scores[id]);
            }
            Event.Token first = answer.tokens().getFirst();
            assertThat(first.logprob().getAsDouble()).isCloseTo(scores[first.id()] - Math.log(sum), within(1e-5));
            assertThat(first.top()).hasSize(3).isSortedAccordingTo((one, other) -> Double.compare(other.logprob(), one.logprob()));
            double best = first.top().getFirst().logprob();
            for (int id : words) {
                assertThat(scores[id] - Math.log(sum)).isLessThanOrEqualTo(best + 1e-5);
            }
            assertThat(model.answer(request.withLogprobs(0)).tokens()).allSatisfy(token -> {
                assertThat(token.top()).isEmpty();
                assertThat(token.logprob()).isPresent();
            });
            assertThat(answer.tokens()).allSatisfy(token -> assertThat(token.top()).filteredOn(other -> other.id() == token.id())
                    .extracting(Alternative::text).allMatch(token.text()::equals));
        }
    }

    @Test
    void loadingComesFirstThenReadingThenTokens() {
        Request request = request(Goal.CONTINUATION);
        try (OpenModel model = new Workshop().open(MODEL)) {
            List<Event> events = new ArrayList<>();
            Answer answer = model.prepare(List.of(request), events::add).run().getFirst();
            int size = answer.prompt().size();
            assertThat(events.subList(0, 3)).containsExactly(new Event.Loading(0), new Event.Reading(0, 0, size),
                    new Event.Reading(0, size, size));
            assertThat(answer.promptImageTokens()).isEqualTo(64);
            events.clear();
            model.prepare(List.of(request), events::add).run();
            assertThat(events.getFirst()).isEqualTo(new Event.Reading(0, 0, size));
        }
    }

    @Test
    void cancelledTextIsKeptWithWhatWasHeldBack() {
        try (OpenModel model = new Workshop().open(MODEL)) {
            Request request = request(Goal.CONTINUATION);
            String whole = model.answer(request).text();
            Generation[] generation = new Generation[1];
            int[] pieces = new int[1];
            generation[0] = model.prepare(List.of(request.withStop(List.of(whole + "and more"))), event -> {
                if (event instanceof Event.TextPiece && ++pieces[0] == 5) {
                    generation[0].cancel();
                }
            });
            Answer answer = generation[0].run().getFirst();
            assertThat(answer.outcome()).isEqualTo(Answer.Outcome.CANCELLED);
            assertThat(answer.ids()).hasSize(5);
            assertThat(whole).startsWith(answer.text());
            assertThat(answer.text()).isNotEmpty();
        }
    }

    @Test
    void whatIsOutOfRangeIsRefused() {
        Request request = request(Goal.ANSWER);
        assertThatThrownBy(() -> request.withStop(List.of("a", ""))).hasMessage(
                "a string before which text ends must not be empty");
        assertThatThrownBy(() -> request.withStop(List.of("a", "b", "c", "d", "e"))).hasMessage(
                "text may end before 4 strings at most, not 5");
        assertThatThrownBy(() -> request.withLogprobs(21)).hasMessage(
                "alternatives for each token must be 0 to 20, or -1 for no log probabilities, not 21");
    }
}
