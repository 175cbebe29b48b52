package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Liquid, whose pictures are those of the VQ-GAN of a Chameleon beside it, does what its reference does. */
class LiquidTest {
    /** Behind a Gemma's layers stand numbers up to 59, of which F32 keeps seven digits: the tolerance grows with them from here on. */
    private static final double LARGE = 32;

    @TempDir
    Path folder;
    private Path model;
    private JsonNode golden;

    @BeforeEach
    void copy() throws IOException {
        model = Workshop.liquid(folder.resolve("liquid"));
        golden = new ObjectMapper().readTree(model.resolve("golden.json").toFile());
    }

    private OpenModel open() {
        return new Workshop().withAllFamilies().open(model);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "image_text"})
    void answersTextAndPictures(String tag) {
        try (OpenModel liquid = open()) {
            assertAnswer(liquid, golden.path(tag));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "image_text"})
    void doesSoWithWeightsInBf16(String tag) {
        FamilyStreamsTest.inBf16(model.resolve("model.safetensors"));
        try (OpenModel liquid = open()) {
            Answer answer = answer(liquid, golden.path(tag));
            assertThat(answer.ids()).isEqualTo(list(golden.path("bf16").path(tag).path("greedy_ids"))).hasSize(40);
        }
    }

    private void assertAnswer(OpenModel liquid, JsonNode expected) {
        Answer answer = answer(liquid, expected);
        assertThat(answer.prompt()).isEqualTo(list(expected.path("input_ids")));
        assertThat(answer.ids()).isEqualTo(list(expected.path("greedy_ids"))).hasSize(40);
    }

    private Answer answer(OpenModel liquid, JsonNode expected) {
        List<Part> parts = StreamSupport.stream(expected.path("parts").spliterator(), false).map(JsonNode::textValue)
                .<Part>map(part -> part.startsWith("@") ? PictureFiles.read(model.resolve(part.substring(1) + ".png")) : new Text(part))
                .toList();
        return liquid.answer(new Request(parts, Goal.ANSWER, Sampling.GREEDY.withMaxTokens(40)));
    }

    @Test
    void makesThePictureThatItsReferenceMakes() {
        JsonNode gen = golden.path("gen");
        try (OpenModel liquid = open()) {
            assertThat(liquid.sampling(Goal.PICTURE).guidanceText()).isEqualTo(gen.path("cfg_weight").doubleValue());
            Sampling sampling = Sampling.builder().temperature(0).guidance(gen.path("cfg_weight").doubleValue(), 1).maxTokens(1).build();
            Answer answer = liquid.answer(new Request(List.of(new Text(gen.path("prompt").textValue())), Goal.PICTURE, sampling));
            assertThat(answer.prompt()).isEqualTo(list(gen.path("input_ids")));
            int words = 404;
            assertThat(answer.ids()).isEqualTo(list(gen.path("generated_codes")).stream().map(code -> code + words).toList());
            Image picture = answer.images().getFirst();
            assertThat(List.of(picture.width(), picture.height())).containsExactly(32, 32);
            assertThat(liquid.question("what?", List.of(picture))).containsExactly(picture, new Text("what?"));
            assertThatThrownBy(() -> liquid.answer(new Request(List.of(picture), Goal.PICTURE, sampling)))
                    .isInstanceOf(ModelException.class).hasMessage("Liquid makes pictures from text alone; hand in no picture");
        }
    }

    @Test
    void traceGivesAllThatTheReferenceKept() {
        Path outputs = folder.resolve("out.safetensors");
        try (OpenModel liquid = open()) {
            assertThat(liquid.trace(model.resolve("golden.safetensors"), outputs).ignored()).isEmpty();
        }
        SortedMap<String, Tensor> expected = Safetensors.read(model.resolve("golden.safetensors"));
        SortedMap<String, Tensor> traced = Safetensors.read(outputs);
        Set<String> both = new TreeSet<>(expected.keySet());
        both.retainAll(traced.keySet());
        assertThat(both).hasSize(29).contains("vq.enc.indices", "gen.step63.logits_mixed", "text.layer0.mlp", "image_text.logits");
        for (String name : both) {
            if (name.equals("vq.enc.indices")) {
                assertThat(traced.get(name).ints()).isEqualTo(expected.get(name).ints());
                continue;
            }
            float[] part = expected.get(name).floats();
            float[] all = traced.get(name).floats();
            double largest = IntStream.range(0, part.length).mapToDouble(i -> Math.abs(part[i])).max().orElseThrow();
            assertThat(Arrays.copyOfRange(all, all.length - part.length, all.length)).as(name)
                    .containsExactly(part, within((float) (1e-4 * Math.max(1, largest / LARGE))));
        }
    }

    @Test
    void aMissingVqGanIsOneSentence() throws IOException {
        Path chameleon = model.resolve("chameleon");
        Files.move(chameleon, folder.resolve("elsewhere"));
        assertThatThrownBy(() -> {
            try (OpenModel liquid = open()) {
                liquid.answer(new Request(List.of(new Text("a fox")), Goal.ANSWER, Sampling.GREEDY.withMaxTokens(1)));
            }
        }).isInstanceOf(ModelException.class).hasMessage("the model in " + model + " lacks the VQ-GAN of its pictures, which Liquid"
                + " takes from Chameleon: put a Chameleon checkpoint of transformers, or a link to it, there as " + chameleon);
    }

    private static List<Integer> list(JsonNode ids) {
        return StreamSupport.stream(ids.spliterator(), false).map(JsonNode::intValue).toList();
    }
}
