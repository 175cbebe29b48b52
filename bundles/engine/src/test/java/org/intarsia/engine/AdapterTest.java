package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.intarsia.engine.api.AdapterChoice;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Merger;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Origin;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.files.ModelBundles;
import org.intarsia.engine.files.OpenedFiles;
import org.intarsia.engine.registry.Kind;
import org.intarsia.graph.Encoding;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.Text;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.transformer.core.LlamaCoreFactory;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.intarsia.weights.WeightsException;
import org.intarsia.weights.tool.Conversion;
import org.intarsia.weights.tool.Merge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Models with low-rank adapters give what PEFT gives for the same adapters over the same models; the folders
 * {@code adapters/FIXTURE} hold random adapters that PEFT saved, and its logits of the last tokens.
 */
class AdapterTest {
    private static final Path ADAPTERS = Path.of("src/test/resources/adapters");
    private static final double TOLERANCE = 1e-4;

    @TempDir
    Path folder;

    private final Workshop workshop = new Workshop().withAllFamilies();

    @ParameterizedTest
    @CsvSource({"llama, plain", "llama, rich", "llama, saved", "chameleon-7b, plain", "janus, plain", "qwen2, plain", "emu3, plain",
        "gemma2, plain"})
    void agreesWithPeft(String fixture, String adapter) {
        SortedMap<String, Tensor> traced = trace(Workshop.FIXTURES.resolve(fixture), fixture, choice(fixture, adapter, 1));
        assertThat(worst(logits(traced), golden(fixture).get(adapter + ".logits").floats())).isLessThanOrEqualTo(TOLERANCE);
    }

    @Test
    void reachesTheVisionTower() {
        SortedMap<String, Tensor> traced = trace(Workshop.FIXTURES.resolve("janus"), "janus", choice("janus", "plain", 1));
        assertThat(worst(traced.get("vision.aligner").floats(), golden("janus").get("vision.aligner").floats()))
                .isLessThanOrEqualTo(TOLERANCE);
    }

    @Test
    void addsSeveralWithTheirWeights() {
        SortedMap<String, Tensor> traced = trace(Workshop.FIXTURES.resolve("llama"), "llama", choice("llama", "plain", 1),
                choice("llama", "rich", 0.5));
        assertThat(worst(logits(traced), golden("llama").get("pair.logits").floats())).isLessThanOrEqualTo(TOLERANCE);
    }

    @Test
    void withoutWeightIsNoAdapter() {
        SortedMap<String, Tensor> with = trace(Workshop.FIXTURES.resolve("llama"), "llama", choice("llama", "rich", 0));
        SortedMap<String, Tensor> without = trace(Workshop.FIXTURES.resolve("llama"), "llama");
        assertThat(logits(with)).isEqualTo(logits(without));
    }

    /** GGUF files have the rows of queries and keys in another order than adapters. The adapter changes logits by up to 15. */
    @ParameterizedTest
    @CsvSource({"F32, 1e-4", "Q8_0, 1"})
    void fitsAGgufFile(Encoding encoding, double tolerance) {
        Path file = folder.resolve("llama.gguf");
        Conversion.of(Workshop.FIXTURES.resolve("llama"), file, encoding, (what, bytes, of) -> { });
        SortedMap<String, Tensor> traced = trace(file, "llama", choice("llama", "rich", 1));
        assertThat(worst(logits(traced), golden("llama").get("rich.logits").floats())).isLessThanOrEqualTo(tolerance);
        assertThatThrownBy(() -> trace(file, "llama", choice("llama", "saved", 1))).isInstanceOf(ModelException.class)
                .hasMessageContaining("modules_to_save").hasMessageContaining("GGUF");
    }

    /** Merged weights give the same logits without the adapters; in another layout of names, too. */
    @ParameterizedTest
    @CsvSource({"llama, plain, rich, pair", "chameleon-7b, plain, , plain", "emu3, plain, , plain", "llama, saved, , saved"})
    void mergedIsTheSame(String fixture, String first, String second, String golden) {
        List<AdapterChoice> adapters = new ArrayList<>(List.of(choice(fixture, first, 1)));
        if (second != null) {
            adapters.add(choice(fixture, second, 0.5));
        }
        Path out = folder.resolve("merged");
        Merge merged = merger().merge(Workshop.FIXTURES.resolve(fixture).toString(), adapters, out, Optional.of(Encoding.F32),
                (what, bytes, of) -> { });
        assertThat(merged.changed()).isNotEmpty();
        assertThat(merged.overflows()).isEmpty();
        assertThat(worst(logits(trace(out, fixture)), golden(fixture).get(golden + ".logits").floats())).isLessThanOrEqualTo(TOLERANCE);
    }

    @Test
    void mergesOnlyIntoWhatIsStored() {
        Path out = folder.resolve("merged");
        assertThatThrownBy(() -> merger().merge(Workshop.FIXTURES.resolve("gemma2").toString(), List.of(choice("gemma2", "plain", 1)), out,
                Optional.empty(), (what, bytes, of) -> { })).isInstanceOf(ModelException.class)
                .hasMessageContaining("changes 'lm_head.weight', which the checkpoint in").hasMessageContaining("use it with --adapter");
        assertThat(out).doesNotExist();
    }

    private Merger merger() {
        return new MergeService(engine(), workshop.registry);
    }

    @Test
    void opensTheBaseModelThatAnAdapterNames() throws IOException {
        Path adapter = copy("llama", "plain");
        Files.createSymbolicLink(folder.resolve("base"), Workshop.FIXTURES.resolve("llama").toAbsolutePath());
        try (Model model = engine().open(adapter.toString(), Placement.ANYWHERE)) {
            Origin origin = model.answer(new Request(List.of(new Text("The")), Goal.CONTINUATION, Sampling.GREEDY.withMaxTokens(2)))
                    .origin();
            assertThat(origin.model()).isEqualTo("plain");
            assertThat(origin.adapters()).singleElement().satisfies(used -> {
                assertThat(used.name()).isEqualTo("plain");
                assertThat(used.weight()).isEqualTo(1);
                assertThat(used.hash()).startsWith("sha256:");
            });
        }
        Files.delete(folder.resolve("base"));
        assertThatThrownBy(() -> engine().open(adapter.toString(), Placement.ANYWHERE)).isInstanceOf(ModelException.class)
                .hasMessageContaining("'../base'").hasMessageContaining("--model BASE --adapter");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"LORA\" | \"ADALORA\" | says peft_type 'ADALORA', and only LORA is supported",
        "\"use_dora\": false | \"use_dora\": true | asks for use_dora, which is not supported",
        "\"bias\": \"none\" | \"bias\": \"all\" | trained biases are not supported",
        "\"init_lora_weights\": true | \"init_lora_weights\": \"pissa\" | which changes the base model's weights",
        "\"use_rslora\": false | \"use_rslora\": false, \"use_magic\": true | asks for 'use_magic', which is not known here",
        "\"r\": 4 | \"r\": 5 | says rank 5",
        "\"r\": 4 | \"r\": -4 | should be a whole number from 1",
        "\"layers_to_transform\": null | \"layers_to_transform\": [0] | do not name: 'model.layers.1.self_attn.q_proj'",
        "\"q_proj\" | \"k_proj\" | has no tensors for 'k_proj'",
        "\"rank_pattern\": {} | \"rank_pattern\": {\"(((.*)*)*)*x\": 4} | takes too long to match",
        "\"rank_pattern\": {} | \"rank_pattern\": {\"(\": 4} | is no regular expression"})
    void refusesWhatItDoesNotSupport(String key, String changed, String sentence) throws IOException {
        Path adapter = copy("llama", "plain");
        Path config = adapter.resolve("adapter_config.json");
        String text = Files.readString(config);
        assertThat(text).contains(key);
        Files.writeString(config, text.replace(key, changed));
        assertThatThrownBy(() -> OpenedFiles.open(adapter, List.of(new AdapterChoice(adapter, 1)))).isInstanceOf(ModelException.class)
                .hasMessageContaining(sentence).hasMessageContaining(adapter.toString());
    }

    @Test
    void refusesTensorsThatNoLayerTakes() throws IOException {
        Path adapter = copy("llama", "plain");
        rewrite(adapter, tensor -> tensor.named(tensor.name().replace("layers.1", "layers.7")));
        assertThatThrownBy(() -> open("llama", adapter)).isInstanceOf(ModelException.class)
                .hasMessageContaining("changes 'model.layers.7.self_attn.q_proj.weight' and 1 more, which no layer of model llama takes");
    }

    @Test
    void refusesAnotherModelsAdapter() {
        assertThatThrownBy(() -> open("llama", ADAPTERS.resolve("gemma2/plain"))).isInstanceOf(WeightsException.class)
                .hasMessageContaining("does not fit the layer").hasMessageContaining("take the base model that it was trained for");
    }

    /** A core that builds its layers by itself would leave the adapters out; that is an error, not another answer. */
    @Test
    void refusesACoreThatPaysNoHeed() {
        LlamaCoreFactory llama = new LlamaCoreFactory();
        workshop.registry.addTransformerCore(new ComponentFactory.OfTransformerCore() {
            @Override
            public String name() {
                return "heedless";
            }

            @Override
            public Optional<String> refuses(ModelFiles files) {
                return llama.refuses(files);
            }

            @Override
            public TransformerCore create(ModelFiles files) {
                Weights weights = Weights.of(files.weights().names().stream().map(files.weights()::get).toList());
                return llama.create(files.with(weights));
            }
        }, Workshop.properties(40));
        workshop.registry.prefer(Kind.TRANSFORMER_CORE, "heedless");
        assertThatThrownBy(() -> open("llama", ADAPTERS.resolve("llama/plain"))).isInstanceOf(ModelException.class)
                .hasMessageContaining("which no layer of model llama takes");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void unmapsItsTensorsWithTheModel() throws IOException {
        Path adapter = copy("llama", "plain");
        String file = adapter.resolve("adapter_model.safetensors").toRealPath().toString();
        try (OpenModel model = workshop.open(Workshop.FIXTURES.resolve("llama"), Placement.ANYWHERE,
                List.of(new AdapterChoice(adapter, 1)))) {
            model.answer(new Request(List.of(new Text("The")), Goal.CONTINUATION, Sampling.GREEDY.withMaxTokens(2)));
            assertThat(Files.readString(Path.of("/proc/self/maps"))).contains(file);
        }
        assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain(file);
        rewrite(adapter, tensor -> tensor.name().endsWith("lora_B.weight") ? tensor
                : tensor.named(tensor.name().replace(".layers.", ".x.")));
        assertThatThrownBy(() -> open("llama", adapter)).hasMessageContaining("lacks the other half");
        assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain(file);
    }

    @Test
    void refusesHalfAPairAndStrangeTensors() throws IOException {
        Path half = copy("llama", "plain");
        rewrite(half, tensor -> tensor.name().contains("layers.1.self_attn.v_proj.lora_B")
                ? tensor.named("base_model.model.model.layers.1.self_attn.v_proj.lora_magnitude_vector") : tensor);
        assertThatThrownBy(() -> open("llama", half)).isInstanceOf(ModelException.class)
                .hasMessageContaining("'base_model.model.model.layers.1.self_attn.v_proj.lora_magnitude_vector'");
    }

    private interface Change {
        Tensor of(Tensor tensor);
    }

    private static void rewrite(Path adapter, Change change) {
        Path file = adapter.resolve("adapter_model.safetensors");
        List<Tensor> tensors = new ArrayList<>();
        Safetensors.read(file).values().forEach(tensor -> tensors.add(change.of(tensor.copy())));
        Safetensors.write(file, tensors, Map.of());
    }

    private Path copy(String fixture, String name) throws IOException {
        Path copy = Files.createDirectories(folder.resolve(name));
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(ADAPTERS.resolve(fixture).resolve(name).resolve(file), copy.resolve(file));
        }
        return copy;
    }

    private Engine engine() {
        return new EngineService(new ModelBundles(MessagesTest.noBundles(), () -> { }), workshop.registry, workshop.recorder,
                EngineStopTest.NO_USE);
    }

    private void open(String fixture, Path adapter) {
        workshop.open(Workshop.FIXTURES.resolve(fixture), Placement.ANYWHERE, List.of(new AdapterChoice(adapter, 1))).close();
    }

    private static AdapterChoice choice(String fixture, String adapter, double weight) {
        return new AdapterChoice(ADAPTERS.resolve(fixture).resolve(adapter), weight);
    }

    private static SortedMap<String, Tensor> golden(String fixture) {
        return Safetensors.read(ADAPTERS.resolve(fixture).resolve("golden.safetensors"));
    }

    private SortedMap<String, Tensor> trace(Path base, String fixture, AdapterChoice... adapters) {
        Path outputs = folder.resolve("out.safetensors");
        try (OpenModel model = workshop.open(base, Placement.ANYWHERE, List.of(adapters))) {
            model.trace(ADAPTERS.resolve(fixture).resolve("golden.safetensors"), outputs);
        }
        return Safetensors.read(outputs);
    }

    private static float[] logits(SortedMap<String, Tensor> traced) {
        return traced.getOrDefault("logits_raw", traced.get("logits")).floats();
    }

    /** The largest difference; the reference keeps the last values alone. */
    private static double worst(float[] all, float[] expected) {
        float[] last = Arrays.copyOfRange(all, all.length - expected.length, all.length);
        double worst = 0;
        for (int i = 0; i < last.length; i++) {
            worst = Math.max(worst, Math.abs(last[i] - expected[i]));
        }
        return worst;
    }
}
