package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.pipeline.GuidanceBatch;
import org.intarsia.engine.pipeline.StreamLayout;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.Text;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reference generates, and what must hold of every generation: masks, seeds, batches, cancelling. */
class GenerationTest {
    private static final String SENTENCE = "The quick brown fox draws a picture; 42 images!";
    private static final String QUESTION = "What is shown in this picture?";
    private static final int CODES = 64;

    private static JsonNode golden(String fixture) throws IOException {
        return new ObjectMapper().readTree(Workshop.FIXTURES.resolve(fixture).resolve("golden.json").toFile());
    }

    private static Image input(String fixture) {
        return PictureFiles.read(Workshop.FIXTURES.resolve(fixture).resolve("input.png"));
    }

    private static List<Part> questionAndPicture(String fixture) {
        return List.of(new Text(QUESTION), input(fixture));
    }

    /** What the reference's pictures are made from. */
    private static List<Part> drawnAgain(String fixture) {
        return List.of(new Text(QUESTION), input(fixture), new Text(" Now draw it again."));
    }

    private static List<Integer> list(JsonNode ids) {
        return StreamSupport.stream(ids.spliterator(), false).map(JsonNode::intValue).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void continuesTextAsTheReferenceDoes(String fixture) throws IOException {
        JsonNode text = golden(fixture).path("text");
        try (OpenModel model = new Workshop().open(fixture)) {
            Answer answer = model.answer(new Request(List.of(new Text(SENTENCE)), Goal.CONTINUATION,
                    Sampling.GREEDY.withMaxTokens(16)));
            assertThat(answer.prompt()).isEqualTo(list(text.path("input_ids")));
            assertThat(answer.ids()).isEqualTo(list(text.path("greedy_ids")));
            assertThat(answer.outcome()).isEqualTo(Answer.Outcome.LENGTH);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void answersAboutAPictureAsTheReferenceDoes(String fixture) throws IOException {
        JsonNode asked = golden(fixture).path("image_text");
        try (OpenModel model = new Workshop().open(fixture)) {
            Answer answer = model.answer(new Request(questionAndPicture(fixture), Goal.ANSWER,
                    Sampling.GREEDY.withMaxTokens(16)));
            assertThat(answer.prompt()).isEqualTo(list(asked.path("input_ids_expanded")));
            assertThat(answer.ids()).isEqualTo(list(asked.path("greedy_ids")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void makesTheReferencesPicture(String fixture) throws IOException {
        JsonNode expected = golden(fixture).path("imagegen");
        try (OpenModel model = new Workshop().open(fixture)) {
            Answer answer = model.answer(new Request(drawnAgain(fixture), Goal.PICTURE, guided(expected)));
            assertThat(answer.prompt()).isEqualTo(list(expected.path("prompt_full")));
            assertThat(answer.ids()).isEqualTo(list(expected.path("generated_token_ids")));
            assertThat(answer.outcome()).isEqualTo(Answer.Outcome.COMPLETE);
            Image picture = answer.images().getFirst();
            Image reference = PictureFiles.read(Workshop.FIXTURES.resolve(fixture).resolve("generated.png"));
            assertThat(picture.width()).isEqualTo(reference.width());
            assertThat(IntStream.range(0, picture.rgb().length)
                    .map(i -> Math.abs((picture.rgb()[i] & 0xFF) - (reference.rgb()[i] & 0xFF))).max().getAsInt())
                    .isLessThanOrEqualTo(1);
        }
    }

    /** Guidance that is silently wrong still gives pictures, only worse: so the mixed scores are compared, too. */
    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void mixesScoresAsTheReferenceDoes(String fixture) throws IOException {
        JsonNode expected = golden(fixture).path("imagegen");
        Map<String, Tensor> golden = Safetensors.read(Workshop.FIXTURES.resolve(fixture).resolve("golden.safetensors"));
        Workshop workshop = new Workshop();
        try (OpenModel model = workshop.open(fixture)) {
            GuidanceBatch guided = guided(model, new Request(drawnAgain(fixture), Goal.PICTURE, guided(expected)));
            assertThat(guided.rows().stream().map(TokenRow::list)).containsExactly(list(expected.path("prompt_full")),
                    list(expected.path("prompt_image_cond")), list(expected.path("prompt_uncond")));
            float[][] scores = workshop.scores(model, guided.rows(), TransformerCore.Head.PICTURE);
            assertClose(scores[0], golden.get("imagegen.step0.logits_full").floats());
            assertClose(scores[1], golden.get("imagegen.step0.logits_image_cond").floats());
            assertClose(scores[2], golden.get("imagegen.step0.logits_uncond").floats());
            assertClose(guided.mix(scores), golden.get("imagegen.step0.logits_mixed").floats());
        }
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i])).as("token " + i).isLessThanOrEqualTo(1e-4f);
        }
    }

    private static GuidanceBatch guided(OpenModel model, Request request) {
        return model.using(() -> {
            StreamLayout layout = model.pipelines().take().layout();
            return layout.guided(request, layout.source(request.written()));
        });
    }

    private static Sampling guided(JsonNode imagegen) {
        return Sampling.builder().guidance(imagegen.path("guidance_scale_text").asDouble(),
                imagegen.path("guidance_scale_image").asDouble()).build();
    }

    @Test
    void streamsThatDoNotCountAreNotRun() {
        try (OpenModel model = new Workshop().open("chameleon-7b")) {
            List<Part> words = List.of(new Text(SENTENCE));
            assertThat(rows(model, words, Sampling.GREEDY)).isEqualTo(1);
            assertThat(rows(model, words, Sampling.builder().guidance(3, 1.2).build())).isEqualTo(2);
            assertThat(rows(model, questionAndPicture("chameleon-7b"), Sampling.builder().guidance(3, 1).build())).isEqualTo(2);
            assertThat(rows(model, questionAndPicture("chameleon-7b"), Sampling.builder().guidance(3, 1.2).build())).isEqualTo(3);
        }
    }

    private static int rows(OpenModel model, List<Part> parts, Sampling sampling) {
        return guided(model, new Request(parts, Goal.PICTURE, sampling)).rows().size();
    }

    @Test
    void equalSeedsGiveEqualPicturesAndOthersDoNot() {
        Sampling sampling = Sampling.builder().temperature(1).guidance(2, 1).seed(5).maxTokens(1).build();
        try (OpenModel model = new Workshop().open("chameleon-7b")) {
            Answer first = model.answer(picture(sampling));
            assertThat(model.answer(picture(sampling))).isEqualTo(first);
            assertThat(model.answer(picture(sampling.withSeed(6))).ids()).isNotEqualTo(first.ids());
        }
    }

    private static Request picture(Sampling sampling) {
        return new Request(List.of(new Text(SENTENCE)), Goal.PICTURE, sampling);
    }

    @Test
    void togetherGivesWhatEachGivesAlone() {
        List<Request> requests = List.of(
                picture(Sampling.builder().guidance(2, 1).build()),
                new Request(List.of(new Text("plain")), Goal.CONTINUATION, Sampling.GREEDY.withMaxTokens(5)),
                new Request(questionAndPicture("chameleon-7b"), Goal.ANSWER, Sampling.GREEDY.withMaxTokens(12)));
        try (OpenModel model = new Workshop().open("chameleon-7b")) {
            List<Answer> together = model.prepare(requests, event -> { }).run();
            for (int i = 0; i < requests.size(); i++) {
                assertThat(together.get(i)).isEqualTo(model.answer(requests.get(i)));
            }
        }
    }

    @Test
    void pictureTokensStayInPicturesAndTextInText() {
        Sampling wild = Sampling.builder().temperature(1000).seed(3).maxTokens(64).build();
        try (OpenModel model = new Workshop().open("chameleon-7b")) {
            // Tokens 4 to 99 are codes, 100 and 101 end and begin a picture, 106 holds its place.
            assertThat(model.answer(picture(wild)).ids()).hasSize(CODES).allMatch(id -> id >= 4 && id <= 99);
            assertThat(model.answer(new Request(List.of(new Text(SENTENCE)), Goal.CONTINUATION, wild)).ids())
                    .isNotEmpty().allMatch(id -> (id < 4 || id > 101) && id != 106);
        }
    }

    @Test
    void tellsHowFarItHasCome() {
        List<Event> events = new ArrayList<>();
        try (OpenModel model = new Workshop().open("chameleon-7b")) {
            Answer answer = model.prepare(List.of(new Request(List.of(new Text(SENTENCE)), Goal.PICTURE, Sampling.GREEDY, 24)),
                    events::add).run().getFirst();
            assertThat(events.stream().filter(Event.PictureProgress.class::isInstance)).hasSize(CODES);
            List<Image> previews = events.stream().filter(Event.Preview.class::isInstance)
                    .map(event -> ((Event.Preview) event).image()).toList();
            assertThat(previews).hasSize(2);
            // 24 codes are the first three rows of eight, 12 rows of pixels; the next row is not there yet.
            Image whole = answer.images().getFirst();
            int row = 3 * whole.width();
            assertThat(Arrays.copyOfRange(previews.getFirst().rgb(), 12 * row, 13 * row)).containsOnly(128);
            assertThat(events.getLast()).isEqualTo(new Event.Finished(0, answer));
            assertThat(events.get(events.size() - 2)).isEqualTo(new Event.PictureDone(0, whole));
        }
    }

    @Test
    void tellsTextAsItComes() {
        StringBuilder told = new StringBuilder();
        int[] pieces = new int[1];
        try (OpenModel model = new Workshop().open("chameleon-7b")) {
            Answer answer = model.prepare(List.of(new Request(List.of(new Text(SENTENCE)), Goal.CONTINUATION,
                    Sampling.GREEDY.withMaxTokens(16))), event -> {
                        if (event instanceof Event.TextPiece piece) {
                            told.append(piece.text());
                            pieces[0]++;
                        }
                    }).run().getFirst();
            assertThat(told.toString()).isEqualTo(answer.text()).isNotEmpty();
            // One for each token; half a character at the end is told by itself.
            assertThat(pieces[0]).isBetween(answer.ids().size(), answer.ids().size() + 1);
        }
    }

    @Test
    void anInterruptedThreadEndsItsGenerationAtTheNextStep() {
        try (OpenModel model = new Workshop().open("chameleon-7b")) {
            List<Integer> codes = new ArrayList<>();
            Generation generation = model.prepare(List.of(picture(Sampling.GREEDY)), event -> {
                if (event instanceof Event.PictureProgress progress) {
                    codes.add(progress.codes());
                    if (progress.codes() == 10) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
            assertThatThrownBy(generation::run).isInstanceOf(CancellationException.class);
            assertThat(codes.getLast()).isEqualTo(10);
            assertThat(Thread.interrupted()).isTrue();
            // The model is as good as before.
            assertThat(model.prepare(List.of(picture(Sampling.GREEDY)), event -> { }).run().getFirst().images()).hasSize(1);
        }
    }

    @Test
    void canBeCancelledAtAnyStep() throws InterruptedException {
        try (OpenModel model = new Workshop().open("chameleon-7b")) {
            Generation[] generation = new Generation[1];
            generation[0] = model.prepare(List.of(picture(Sampling.GREEDY)), event -> {
                if (event instanceof Event.PictureProgress progress && progress.codes() == 10) {
                    generation[0].cancel();
                }
            });
            Answer answer = generation[0].start().await().getFirst();
            assertThat(answer.outcome()).isEqualTo(Answer.Outcome.CANCELLED);
            assertThat(answer.ids()).hasSize(10);
            assertThat(answer.parts()).isEmpty();
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (OpenModel model = new Workshop().open("chameleon-7b")) {
            assertThatThrownBy(() -> model.answer(new Request(List.of(new Text("fox ".repeat(300))), Goal.PICTURE,
                    Sampling.GREEDY))).isInstanceOf(ModelException.class).hasMessageMatching("what was handed in takes \\d+"
                            + " tokens and the picture 64, but model chameleon-7b holds 256 in all: hand in less text or"
                            + " fewer pictures");
        }
    }

    /**
     * The tiny model is random, so it is led: with the repetition penalty turned round, what it has seen is what it says,
     * and the begin of a picture was handed in.
     */
    @Test
    void textAndPicturesComeMixed() {
        try (OpenModel model = new Workshop().open("chameleon-7b")) {
            Sampling words = Sampling.builder().temperature(0.9).repetitionPenalty(0.05).seed(3).maxTokens(12).build();
            List<Part> before = drawnAgain("chameleon-7b");
            List<Event> events = new ArrayList<>();
            Request request = new Request(before, Goal.INTERLEAVED, words, Sampling.builder().guidance(3, 1.2).build(), 0);
            Answer answer = model.prepare(List.of(request), events::add).run().getFirst();
            assertThat(answer.images()).isNotEmpty();
            Answer again = model.answer(request);
            assertThat(again.ids()).isEqualTo(answer.ids());
            assertThat(again.parts()).isEqualTo(answer.parts());
            SpecialTokens tokens = tokens(model);
            Set<Integer> codes = IntStream.of(tokens.pictureIds()).boxed().collect(Collectors.toSet());
            int place = answer.ids().indexOf(tokens.pictureBegin());
            assertThat(codes).containsAll(answer.ids().subList(place + 1, place + 65));
            assertThat(answer.ids().get(place + 65)).isEqualTo(tokens.pictureEnd());
            long pictures = answer.ids().stream().filter(id -> id == tokens.pictureBegin()).count();
            assertThat(answer.images()).hasSize((int) pictures);
            assertThat(events.stream().filter(Event.PictureDone.class::isInstance)).hasSize((int) pictures);
            // The same picture as when it is asked for at that place, with the same guidance and codes handed in.
            assertThat(answer.images().getFirst()).isEqualTo(model.decode(answer.ids().subList(place + 1, place + 65).stream()
                    .mapToInt(id -> IntStream.range(0, tokens.pictureIds().length).filter(code -> tokens.pictureIds()[code] == id)
                            .findFirst().getAsInt()).toArray()));
        }
    }

    private static SpecialTokens tokens(OpenModel model) {
        return model.using(() -> model.pipelines().take().components().core().format().tokens());
    }

    /** Else the same seed would give another file, since the file carries its record. */
    @Test
    void whatOthersHadMadeBeforeStandsInNoRecord() {
        Request picture = new Request(List.of(new Text("a fox")), Goal.PICTURE,
                Sampling.builder().temperature(1).guidance(2, 1).seed(5).maxTokens(1).build());
        try (OpenModel model = new Workshop().open("chameleon-7b")) {
            Answer before = model.answer(picture);
            assertThat(before.origin().components()).containsOnlyKeys("tokenizer", "transformer core", "image decoder");
            Answer seen = model.answer(new Request(questionAndPicture("chameleon-7b"), Goal.ANSWER, Sampling.GREEDY.withMaxTokens(1)));
            assertThat(seen.origin().components()).containsOnlyKeys("tokenizer", "transformer core", "vision encoder");
            assertThat(model.answer(picture)).isEqualTo(before);
        }
    }
}
