package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.ModelException;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A trace agrees with the reference on every value that it names, and says in one sentence which input is wrong. */
class TracerTest {
    private static final List<String> INPUTS = List.of("text.input_ids", "image_text.input_ids", "vq.pixel_values",
            "vq.dec.random.indices", "vq.dec.from_image.indices");
    private static final Path GGUF = Path.of("../weights/src/test/resources/gguf");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void agreesWithTheReference(String fixture) {
        SortedMap<String, Tensor> golden = Safetensors.read(Workshop.FIXTURES.resolve(fixture).resolve("golden.safetensors"));
        Path inputs = folder.resolve("in.safetensors");
        Safetensors.write(inputs, INPUTS.stream().map(golden::get).toList(), Map.of());
        Path outputs = folder.resolve("out.safetensors");
        try (OpenModel model = new Workshop().withAllFamilies().open(fixture)) {
            assertThat(model.trace(inputs, outputs).values()).contains("text.hidden.embed", "text.hidden.layer.0",
                    "text.hidden.final_norm", "text.logits_raw", "image_text.logits_raw", "vq.enc.latent",
                    "vq.enc.indices", "vq.dec.random.pixels", "vq.dec.from_image.pixels");
        }
        SortedMap<String, Tensor> traced = Safetensors.read(outputs);
        List<String> compared = new ArrayList<>();
        traced.forEach((name, tensor) -> {
            Tensor expected = golden.get(name);
            if (expected != null) {
                compared.add(name);
                compare(name, tensor, expected);
            }
        });
        assertThat(compared).hasSizeGreaterThan(20);
        assertThat(traced.get("text.hidden.embed").shape()).isEqualTo(golden.get("text.hidden.embed").shape());
        assertThat(traced.get("text.logits_raw").shape()).isEqualTo(golden.get("text.logits_raw").shape());
        assertThat(traced.get("vq.enc.indices").shape()).isEqualTo(golden.get("vq.enc.indices").shape());
    }

    /** The reference's own file holds the inputs, too; what is no input is left alone. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-bf16", "llama-fp16", "llama-tied"})
    void agreesWithTheReferenceOfTextModels(String fixture) {
        Path file = Workshop.FIXTURES.resolve(fixture).resolve("golden.safetensors");
        SortedMap<String, Tensor> golden = Safetensors.read(file);
        Path outputs = folder.resolve("out.safetensors");
        try (OpenModel model = new Workshop().withAllFamilies().open(fixture)) {
            assertThat(model.trace(file, outputs).ignored()).contains("text.logits").doesNotContain("text.input_ids");
        }
        SortedMap<String, Tensor> traced = Safetensors.read(outputs);
        assertThat(traced).containsKeys("text.logits", "text.layer0.q_proj", "long.logits");
        traced.forEach((name, tensor) -> {
            if (golden.containsKey(name)) {
                compare(name, tensor, golden.get(name));
            }
        });
    }

    /** All that the reference kept, with the streams of its guided picture, which stand in its notes. */
    @ParameterizedTest
    @CsvSource({"janus, input_ids_uncond, 58", "emu3, negative_input_ids, 36"})
    void agreesWithTheReferenceOnAWholeGuidedPicture(String fixture, String guide, int compared) throws IOException {
        Path directory = Workshop.FIXTURES.resolve(fixture);
        SortedMap<String, Tensor> golden = Safetensors.read(directory.resolve("golden.safetensors"));
        JsonNode notes = new ObjectMapper().readTree(directory.resolve("golden.json").toFile()).path("gen");
        List<Tensor> given = new ArrayList<>(golden.values());
        given.add(ids("gen.input_ids", notes.path("input_ids")));
        given.add(ids("gen." + guide, notes.path(guide)));
        if (notes.has("height_tokens")) {
            given.add(Tensor.of("gen.height_tokens", Shape.of(1), new int[] {notes.path("height_tokens").intValue()}));
            given.add(Tensor.of("gen.width_tokens", Shape.of(1), new int[] {notes.path("width_tokens").intValue()}));
        }
        Path inputs = folder.resolve("in.safetensors");
        Safetensors.write(inputs, given, Map.of());
        Path outputs = folder.resolve("out.safetensors");
        try (OpenModel model = new Workshop().withAllFamilies().open(fixture)) {
            model.trace(inputs, outputs);
        }
        SortedMap<String, Tensor> traced = Safetensors.read(outputs);
        int[] codes = StreamSupport.stream(notes.path("generated_codes").spliterator(), false)
                .flatMap(row -> row.isArray() ? StreamSupport.stream(row.spliterator(), false) : Stream.of(row))
                .mapToInt(JsonNode::intValue).toArray();
        assertThat(traced.get("gen.generated_codes").ints()).isEqualTo(codes);
        Set<String> both = new TreeSet<>(golden.keySet());
        both.retainAll(traced.keySet());
        both.forEach(name -> compare(name, traced.get(name), golden.get(name)));
        Set<String> missing = new TreeSet<>(golden.keySet());
        missing.removeAll(traced.keySet());
        // What is left are the inputs, and what the released code of Janus does otherwise than its authors.
        assertThat(missing).allMatch(name -> name.endsWith("input_ids") || name.endsWith("pixel_values")
                || name.endsWith("image_sizes") || name.endsWith("dec.indices") || name.endsWith("embed.codes")
                || name.endsWith("indices_no_l2norm"));
        assertThat(both).hasSizeGreaterThanOrEqualTo(compared);
    }

    private static Tensor ids(String name, JsonNode list) {
        int[] ids = StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
        return Tensor.of(name, Shape.of(ids.length), ids);
    }

    @Test
    void agreesWithTheReferenceOfAGgufFile() {
        Path outputs = folder.resolve("out.safetensors");
        Path golden = GGUF.resolve("llama.golden.safetensors");
        try (OpenModel model = new Workshop().withAllFamilies().open(GGUF.resolve("llama.gguf"))) {
            assertThat(model.trace(golden, outputs).values()).contains("hidden.embed", "hidden.layer.1", "logits");
        }
        SortedMap<String, Tensor> traced = Safetensors.read(outputs);
        Safetensors.read(golden).forEach((name, tensor) -> {
            if (!name.equals("input_ids")) {
                compare(name, traced.get(name), tensor);
            }
        });
    }

    /** The reference keeps the last positions of some values, and the first channels of others. */
    private static void compare(String name, Tensor traced, Tensor expected) {
        if (expected.type().encoding().isInteger()) {
            assertThat(traced.ints()).as(name).isEqualTo(expected.ints());
            return;
        }
        float[] all = traced.floats();
        float[] part = expected.floats();
        int offset = name.startsWith("vq.") ? 0 : all.length - part.length;
        double worst = 0;
        for (int i = 0; i < part.length; i++) {
            worst = Math.max(worst, Math.abs(all[offset + i] - part[i]));
        }
        assertThat(worst).as(name).isLessThanOrEqualTo(tolerance(name));
    }

    /** As the references' notes say. */
    private static double tolerance(String name) {
        if (name.startsWith("vision.") || name.startsWith("gen.embed.")) {
            return 2e-5;
        }
        return name.endsWith("latent") || name.endsWith("pixels") ? 5e-5 : 1e-4;
    }

    @Test
    void placesWithoutAPictureAreRefused() {
        Tensor ids = Safetensors.read(Workshop.FIXTURES.resolve("chameleon-7b/golden.safetensors")).get("image_text.input_ids");
        assertRefused("chameleon-7b", "image_text.input_ids has 64 places for a picture, but there is no"
                + " vq.pixel_values to take it from", ids);
    }

    @Test
    void aFileWithoutInputsIsRefused() {
        assertRefused("chameleon-7b", "holds pixels, of which nothing is an input: inputs are input_ids, TAG.input_ids, ",
                Tensor.of("pixels", Shape.of(1), new float[1]));
    }

    @Test
    void tokensOutsideTheVocabularyAreRefused() {
        assertRefused("chameleon-7b", "a.input_ids should hold numbers from 0 to 462 for model chameleon-7b", Tensor.of("a.input_ids", Shape.of(2), new int[] {1, 463}));
    }

    private void assertRefused(String fixture, String sentence, Tensor... given) {
        Path inputs = folder.resolve("in.safetensors");
        Path outputs = folder.resolve("out.safetensors");
        Safetensors.write(inputs, List.of(given), Map.of());
        try (OpenModel model = new Workshop().withAllFamilies().open(fixture)) {
            assertThatThrownBy(() -> model.trace(inputs, outputs)).isInstanceOf(ModelException.class)
                    .hasMessageContaining(sentence);
        }
        assertThat(Files.exists(outputs)).isFalse();
    }
}
