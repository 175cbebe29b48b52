package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Text that is drafted and checked is the same as text of one token a pass. The models' weights are F32: with those the CPU
 * backend's scores have the same bits with up to {@value #SAME_BITS} tokens in a pass.
 */
class DraftTest {
    private static final int SAME_BITS = 8;
    private static final List<String> WORDS = List.of("the", "quick", "brown", "fox", "draws", "a", "picture", "of", "it");

    private static Request request(String text, Sampling sampling) {
        return new Request(List.of(new Text(text)), Goal.CONTINUATION, sampling);
    }

    /** A text of few words, some of them several times. */
    private static String text(Random random) {
        return IntStream.range(0, 3 + random.nextInt(30)).mapToObj(i -> WORDS.get(random.nextInt(WORDS.size())))
                .collect(Collectors.joining(" "));
    }

    /** Greedy or not, and mostly with tokens that come again and again. */
    private static Sampling sampling(Random random) {
        return Sampling.builder().temperature(random.nextInt(3) * 0.4).topK(random.nextInt(2) * 20).topP(random.nextBoolean() ? 1 : 0.9)
                .repetitionPenalty(random.nextBoolean() ? 1 : 0.7).presencePenalty(random.nextBoolean() ? 0 : -1)
                .frequencyPenalty(random.nextBoolean() ? 0 : -0.5).seed(random.nextLong()).maxTokens(20 + random.nextInt(40)).build();
    }

    /** What a listener hears, but for the addresses of arrays, and that the model is loaded when it is used for the first time. */
    private static List<String> events(OpenModel model, List<Request> requests) {
        List<String> events = new ArrayList<>();
        model.prepare(requests, event -> {
            if (!(event instanceof Event.Loading)) {
                events.add(event.toString().replaceAll("\\[B@[0-9a-f]+", "bytes"));
            }
        }).run();
        return events;
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen3", "gemma2", "gemma3", "mistral"})
    void draftsChangeNoTokenNoLogProbabilityAndNoEvent(String fixture) {
        Random random = new Random(fixture.hashCode());
        try (OpenModel model = new Workshop().withAllFamilies().open(fixture)) {
            for (int i = 0; i < 12; i++) {
                Request plain = request(text(random), sampling(random)).withLogprobs(2);
                int draft = 1 + random.nextInt(SAME_BITS - 1);
                assertThat(events(model, List.of(plain.withDraft(draft)))).as(plain + ", drafts of " + draft)
                        .isEqualTo(events(model, List.of(plain)));
            }
        }
    }

    @Test
    void passesAreSavedWhereTheTextRepeatsItself() {
        Request plain = request("the fox draws the fox draws the fox", Sampling.builder().repetitionPenalty(0.05).maxTokens(64).build());
        Workshop one = new Workshop().withAllFamilies();
        Workshop drafted = new Workshop().withAllFamilies();
        try (OpenModel model = one.open("llama"); OpenModel again = drafted.open("llama")) {
            Answer answer = model.answer(plain);
            assertThat(again.answer(plain.withDraft(7)).ids()).isEqualTo(answer.ids()).hasSize(64);
            assertThat(passes(one)).isEqualTo(64);
            assertThat(passes(drafted)).isLessThan(30);
            assertThat(drafted.recorder.metrics(0, Map.of()).tokens()).isEqualTo(64);
        }
    }

    private static long passes(Workshop workshop) {
        return workshop.recorder.metrics(0, Map.of()).gaps().count();
    }

    @Test
    void textEndsBeforeAStopStringInTheMidstOfADraft() {
        Sampling sampling = Sampling.builder().repetitionPenalty(0.05).maxTokens(48).build();
        try (OpenModel model = new Workshop().withAllFamilies().open("llama")) {
            String whole = model.answer(request("the fox draws the fox draws", sampling)).text();
            for (int at = 0; at + 3 < whole.length(); at += 5) {
                Request stopped = request("the fox draws the fox draws", sampling)
                        .withStop(List.of(whole.substring(at, at + 3))).withLogprobs(0);
                assertThat(events(model, List.of(stopped.withDraft(5)))).isEqualTo(events(model, List.of(stopped)));
            }
        }
    }

    /** Two requests of four tokens are as many rows as one of eight. */
    @Test
    void requestsOfABatchHaveTheirOwnDrafts() {
        Random random = new Random(4);
        try (OpenModel model = new Workshop().withAllFamilies().open("llama")) {
            for (int i = 0; i < 8; i++) {
                List<Request> plain = List.of(request(text(random), sampling(random)), request(text(random), sampling(random)));
                List<Request> drafted = List.of(plain.get(0).withDraft(3), plain.get(1).withDraft(random.nextInt(4)));
                assertThat(events(model, drafted)).containsExactlyInAnyOrderElementsOf(events(model, plain));
            }
        }
    }

    @Test
    void draftsAreOfZeroToThirtyTwoTokens() {
        Request plain = request("fox", Sampling.GREEDY);
        assertThat(plain.withDraft(32).draft()).isEqualTo(32);
        for (int wrong : new int[] {-1, 33}) {
            assertThatThrownBy(() -> plain.withDraft(wrong)).isInstanceOf(ModelException.class)
                    .hasMessage("the tokens of a draft must be 0 to 32, not " + wrong);
        }
    }
}
