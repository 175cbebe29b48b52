package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.pipeline.ModelPipeline;
import org.intarsia.graph.Encoding;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.Text;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.TensorSource;
import org.intarsia.weights.TensorWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of each family are those of its published processor, and answers those of its reference. */
class FamilyStreamsTest {

    @TempDir
    Path folder;

    @Test
    void janusReadsPicturesAsFeatures() throws IOException {
        List<Part> parts = List.of(input("janus"), new Text("What is shown in this picture?"));
        answers("janus", parts);
    }

    @Test
    void emu3ReadsPicturesAsCodes() throws IOException {
        List<Part> parts = List.of(input("emu3"), new Text("What is shown?"));
        answers("emu3", parts);
    }

    /** As the published prompts of each family have it, which its processor's golden prompts repeat. */
    @ParameterizedTest
    @CsvSource({"chameleon-7b, true", "janus, false", "emu3, false", "qwen2.5-vl, false"})
    void aQuestionStandsWhereTheModelReadsIt(String fixture, boolean first) throws IOException {
        try (OpenModel model = new Workshop().withAllFamilies().open(fixture)) {
            Image picture = input(fixture);
            Text question = new Text("What is shown?");
            assertThat(model.question(question.text(), List.of(picture)))
                    .isEqualTo(first ? List.of(question, picture) : List.of(picture, question));
        }
    }

    /** The greedy answer, which the key/value cache must not change, either; the reference never stops at an end. */
    private static void answers(String fixture, List<Part> parts) throws IOException {
        JsonNode golden = golden(fixture);
        try (OpenModel model = new Workshop().withAllFamilies().open(fixture)) {
            PromptFormat format = model.using(() -> model.pipelines().take().components().core().format());
            Answer answer = model.answer(new Request(parts, Goal.ANSWER, Sampling.GREEDY.withMaxTokens(16)));
            List<Integer> prompt = list(golden.path("processor").get(0).path("input_ids"));
            int placeholder = format.tokens().placeholder();
            assertThat(answer.prompt()).hasSameSizeAs(prompt);
            for (int i = 0; i < prompt.size(); i++) {
                if (prompt.get(i) != placeholder) {
                    assertThat(answer.prompt().get(i)).as("token " + i).isEqualTo(prompt.get(i));
                }
            }
            List<Integer> greedy = list(golden.path("image_text").path("greedy_ids"));
            int same = agreeing(answer, greedy);
            // Tokens of pictures are no words here; up to the first of them the answers agree.
            assertThat(same == greedy.size() || isNoWord(format, greedy.get(same))).as("agrees with " + greedy + " at first: "
                    + answer.ids()).isTrue();
            assertThat(same).isPositive();
        }
    }

    private static int agreeing(Answer answer, List<Integer> expected) {
        int same = 0;
        while (same < Math.min(expected.size(), answer.ids().size()) && answer.ids().get(same).equals(expected.get(same))) {
            same++;
        }
        return same;
    }

    private static boolean isNoWord(PromptFormat format, int id) {
        for (int picture : format.tokens().pictureIds()) {
            if (picture == id) {
                return true;
            }
        }
        return id == format.tokens().pictureBegin() || id == format.tokens().pictureEnd()
                || id == format.tokens().placeholder();
    }

    @Test
    void emu3AsksForPicturesWithTheirSize() throws IOException {
        JsonNode gen = golden("emu3").path("gen");
        try (OpenModel model = new Workshop().withAllFamilies().open("emu3")) {
            List<PromptFormat.GuidanceBranch> guides = model.using(() -> {
                ModelPipeline pipeline = model.pipelines().take();
                return pipeline.components().core().format().picture(List.of(new Text("a small house beside the river")),
                        pipeline.layout().source(false), 3, 1, 3, 4);
            });
            assertThat(guides.getFirst().row().list()).isEqualTo(list(gen.path("input_ids")));
            assertThat(guides.stream().map(PromptFormat.GuidanceBranch::weight)).containsExactly(3.0, -2.0);
        }
    }

    @ParameterizedTest
    @CsvSource({"janus, 6, 6", "emu3, 16, 16"})
    void makesPictures(String fixture, int rows, int columns) {
        try (OpenModel model = new Workshop().withAllFamilies().open(fixture)) {
            Request request = new Request(List.of(new Text("a small house")), Goal.PICTURE, model.sampling(Goal.PICTURE));
            Answer answer = model.answer(request);
            assertThat(answer.outcome()).isEqualTo(Answer.Outcome.COMPLETE);
            Image picture = answer.images().getFirst();
            assertThat(List.of(picture.height(), picture.width())).containsExactly(4 * rows, 4 * columns);
            assertThat(model.answer(request).ids()).isEqualTo(answer.ids());
            assertThat(model.makes(Goal.INTERLEAVED)).isFalse();
            assertThatThrownBy(() -> model.answer(new Request(List.of(picture), Goal.PICTURE, Sampling.GREEDY)))
                    .isInstanceOf(ModelException.class).hasMessageEndingWith(
                            "makes pictures from text alone; hand in no picture");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-bf16", "llama-fp16", "llama-tied"})
    void llamaGoesOnAsItsReferenceDoes(String fixture) throws IOException {
        JsonNode text = golden(fixture).path("text");
        try (OpenModel model = new Workshop().withAllFamilies().open(fixture)) {
            List<Integer> expected = list(text.path("greedy_ids"));
            Answer answer = model.answer(new Request(List.of(new Text(prompt(text))), Goal.CONTINUATION,
                    Sampling.GREEDY.withMaxTokens(expected.size())));
            assertThat(answer.prompt()).isEqualTo(list(text.path("input_ids")));
            int same = agreeing(answer, expected);
            assertThat(same == expected.size() || answer.outcome() == Answer.Outcome.COMPLETE).isTrue();
            assertThat(same).isPositive();
            assertThat(model.makes(Goal.PICTURE)).isFalse();
            assertThatThrownBy(() -> model.answer(new Request(List.of(new Text("a")), Goal.PICTURE, Sampling.GREEDY)))
                    .isInstanceOf(ModelException.class).hasMessageContaining("makes no pictures");
        }
    }

    /** Prompts are longer than the windows; 40 tokens are decoded with the cache. */
    @ParameterizedTest
    @CsvSource({"qwen2, text", "qwen2, long", "qwen3, text", "qwen3, long", "mistral, text", "mistral, long", "gemma2, text",
        "gemma2, long", "gemma3, text", "gemma3, long"})
    void textFamiliesGoOnAsTheirReferencesDo(String fixture, String tag) throws IOException {
        assertGreedy(Workshop.FIXTURES.resolve(fixture), golden(fixture).path(tag));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3", "mistral", "gemma2", "gemma3"})
    void textFamiliesDoSoWithWeightsInBf16(String fixture) throws IOException {
        Path copy = copy(fixture);
        inBf16(copy.resolve(Checkpoint.SINGLE));
        assertGreedy(copy, golden(fixture).path("bf16"));
        SortedMap<String, Tensor> golden = Safetensors.read(Workshop.FIXTURES.resolve(fixture).resolve("golden-bf16.safetensors"));
        Path inputs = folder.resolve("in.safetensors");
        Path outputs = folder.resolve("out.safetensors");
        Safetensors.write(inputs, List.of(golden.get("text.input_ids")), Map.of());
        try (OpenModel model = new Workshop().withAllFamilies().open(copy)) {
            model.trace(inputs, outputs);
        }
        SortedMap<String, Tensor> traced = Safetensors.read(outputs);
        for (String name : List.of("text.logits", "text.hidden.final_norm")) {
            float[] expected = golden.get(name).floats();
            float[] all = traced.get(name).floats();
            assertThat(Arrays.copyOfRange(all, all.length - expected.length, all.length)).as(name)
                    .containsExactly(expected, within(1e-4f));
        }
    }

    /** Pictures of several sizes, one or two in a stream; 40 tokens are decoded with the cache, whose positions go on behind them. */
    @ParameterizedTest
    @CsvSource({"qwen2.5-vl, image_text", "qwen2.5-vl, two", "qwen2.5-vl, text", "qwen2.5-vl-flat, image_text",
        "qwen2.5-vl-flat, two", "qwen2.5-vl-flat, text"})
    void qwenReadsPicturesAtTheirRowsAndColumns(String fixture, String tag) throws IOException {
        JsonNode golden = golden(fixture).path(tag);
        assertAnswer(Workshop.FIXTURES.resolve(fixture), fixture, golden, golden);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image_text", "two", "text"})
    void qwenDoesSoWithWeightsInBf16(String tag) throws IOException {
        Path copy = copy("qwen2.5-vl");
        inBf16(copy.resolve(Checkpoint.SINGLE));
        JsonNode golden = golden("qwen2.5-vl");
        assertAnswer(copy, "qwen2.5-vl", golden.path(tag), golden.path("bf16").path(tag));
    }

    /** Requests in one batch, of which one sees no picture, answer as each does alone. */
    @Test
    void rowsOfABatchHavePositionsOfTheirOwn() throws IOException {
        JsonNode golden = golden("qwen2.5-vl");
        List<String> tags = List.of("text", "two", "image_text");
        try (OpenModel model = new Workshop().withAllFamilies().open("qwen2.5-vl")) {
            List<Request> requests = tags.stream().map(tag -> new Request(parts("qwen2.5-vl", golden.path(tag)), Goal.ANSWER,
                    Sampling.GREEDY.withMaxTokens(40))).toList();
            List<Answer> answers = model.prepare(requests, event -> { }).run();
            for (int i = 0; i < tags.size(); i++) {
                assertThat(answers.get(i).ids()).as(tags.get(i)).isEqualTo(list(golden.path(tags.get(i)).path("greedy_ids")));
            }
        }
    }

    private static void assertAnswer(Path directory, String fixture, JsonNode golden, JsonNode greedy) {
        try (OpenModel model = new Workshop().withAllFamilies().open(directory)) {
            Answer answer = model.answer(new Request(parts(fixture, golden), Goal.ANSWER, Sampling.GREEDY.withMaxTokens(40)));
            assertThat(answer.prompt()).isEqualTo(list(golden.path("input_ids")));
            assertThat(answer.ids()).isEqualTo(list(greedy.path("greedy_ids"))).hasSize(40);
            assertThat(model.makes(Goal.PICTURE)).isFalse();
        }
    }

    /** Texts, and the names of pictures behind {@code @}. */
    private static List<Part> parts(String fixture, JsonNode golden) {
        return StreamSupport.stream(golden.path("parts").spliterator(), false).map(JsonNode::textValue)
                .<Part>map(part -> part.startsWith("@") ? PictureFiles.read(Workshop.FIXTURES.resolve(fixture)
                        .resolve(part.substring(1) + ".png")) : new Text(part)).toList();
    }

    private static void assertGreedy(Path directory, JsonNode text) {
        try (OpenModel model = new Workshop().withAllFamilies().open(directory)) {
            List<Integer> expected = list(text.path("greedy_ids"));
            Answer answer = model.answer(new Request(List.of(new Text(prompt(text))), Goal.CONTINUATION,
                    Sampling.GREEDY.withMaxTokens(expected.size())));
            assertThat(answer.prompt()).isEqualTo(list(text.path("input_ids")));
            assertThat(answer.ids()).isEqualTo(expected).hasSize(40);
        }
    }

    static void inBf16(Path file) {
        List<TensorSource> tensors = Safetensors.read(file).values().stream()
                .map(tensor -> TensorSource.of(tensor, Encoding.BF16)).toList();
        TensorWriter.safetensors(file.resolveSibling("bf16.safetensors"), tensors, Map.of()).write();
        try {
            Files.move(file.resolveSibling("bf16.safetensors"), file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer follows a turn of the user, in the family's own marks. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "qwen2 | `<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n`",
        "mistral | `<s>[INST]Hi[/INST]`",
        "gemma3 | `<bos><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\n`"})
    void answersFollowATurn(String fixture, String turn) {
        try (OpenModel model = new Workshop().withAllFamilies().open(fixture)) {
            Answer answer = model.answer(new Request(List.of(new Text("Hi")), Goal.ANSWER, Sampling.GREEDY.withMaxTokens(1)));
            int[] ids = answer.prompt().stream().mapToInt(Integer::intValue).toArray();
            String text = model.using(() -> model.pipelines().take().components().tokenizer().decode(ids, true));
            assertThat(text.replace(" ", "")).isEqualTo(turn);
        }
    }

    private static String prompt(JsonNode text) {
        return text.path("text").asText();
    }

    private static Image input(String fixture) {
        return PictureFiles.read(Workshop.FIXTURES.resolve(fixture).resolve("input.png"));
    }

    private static JsonNode golden(String fixture) throws IOException {
        return new ObjectMapper().readTree(Workshop.FIXTURES.resolve(fixture).resolve("golden.json").toFile());
    }

    private static List<Integer> list(JsonNode ids) {
        return StreamSupport.stream(ids.spliterator(), false).map(JsonNode::intValue).toList();
    }

    /** In text_config, too; generation_config.json wins. */
    @ParameterizedTest
    @CsvSource({"janus, 397", "emu3, 350"})
    void endsMayBeLists(String fixture, int end) throws IOException {
        Path copy = copy(fixture);
        ObjectMapper json = new ObjectMapper();
        ObjectNode config = (ObjectNode) json.readTree(copy.resolve("config.json").toFile());
        ((ObjectNode) config.path("text_config")).putArray("eos_token_id").add(end).add(7);
        json.writeValue(copy.resolve("config.json").toFile(), config);
        Files.delete(copy.resolve("generation_config.json"));
        assertThat(ends(copy)).containsExactlyInAnyOrder(end, 7);
        Files.writeString(copy.resolve("generation_config.json"), "{\"eos_token_id\": [9, 11]}");
        assertThat(ends(copy)).containsExactly(9, 11);
    }

    private static List<Integer> ends(Path directory) {
        try (OpenModel model = new Workshop().withAllFamilies().open(directory)) {
            PromptFormat format = model.using(() -> model.pipelines().take().components().core().format());
            return IntStream.range(0, 400).filter(format::ends).boxed().toList();
        }
    }

    private Path copy(String fixture) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(fixture));
        try (Stream<Path> files = Files.list(Workshop.FIXTURES.resolve(fixture))) {
            for (Path file : files.filter(each -> !each.toString().contains("golden") && !each.toString().endsWith("png")).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }
}
