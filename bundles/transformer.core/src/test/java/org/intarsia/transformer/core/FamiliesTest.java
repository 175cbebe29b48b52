package org.intarsia.transformer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.intarsia.fixtures.Fixture;
import org.intarsia.fixtures.Fixture.Part;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All families but Chameleon, which has tests of its own, compute what their reference implementations do. */
class FamiliesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double TOLERANCE = 1e-4;
    private static final List<ComponentFactory.OfTransformerCore> FACTORIES = List.of(new ChameleonCoreFactory(),
            new LlamaCoreFactory(), new JanusCoreFactory(), new Emu3CoreFactory(), new Qwen2CoreFactory(),
            new Qwen3CoreFactory(), new MistralCoreFactory(), new Gemma2CoreFactory(), new Gemma3CoreFactory(),
            new Qwen25VlCoreFactory());

    @ParameterizedTest
    @CsvSource({"llama, text", "llama, long", "llama-bf16, text", "llama-bf16, long", "llama-fp16, text", "llama-fp16, long",
        "llama-tied, text", "janus, text", "emu3, text", "qwen2, text", "qwen2, long", "qwen3, text", "qwen3, long",
        "mistral, text", "mistral, long", "gemma2, text", "gemma2, long", "gemma3, text", "gemma3, long",
        "qwen2.5-vl, text"})
    void agreesWithTheReference(String name, String tag) {
        try (Fixture fixture = Fixture.open(name)) {
            Map<String, double[]> values = run(fixture, fixture.ints(tag + ".input_ids"));
            List<String> compared = values.keySet().stream().filter(value -> fixture.has(tag + "." + value)).toList();
            assertThat(compared).contains(tag.equals("text") ? "hidden.embed" : "hidden.layer.2", "logits");
            compared.forEach(value -> fixture.assertClose(tag + "." + value, values.get(value), Part.LAST, TOLERANCE));
        }
    }

    /** transformers 5 writes rope_parameters in place of rope_theta and rope_scaling. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "chameleon-7b", "janus", "emu3", "qwen2", "qwen3", "mistral", "gemma2"})
    void readsAConfigurationOfTransformers5AsItsTwinOfTransformers4(String name) throws IOException {
        try (Fixture fixture = Fixture.open(name)) {
            ObjectNode older = (ObjectNode) JSON.readTree(fixture.json("config.json").orElseThrow());
            text(older).put("rope_theta", 77777.0);
            ObjectNode newer = older.deepCopy();
            ObjectNode text = text(newer);
            ObjectNode parameters = text.path("rope_scaling") instanceof ObjectNode scaling ? scaling
                    : JSON.createObjectNode().put("rope_type", "default");
            text.remove("rope_scaling");
            parameters.set("rope_theta", text.remove("rope_theta"));
            text.set("rope_parameters", parameters);
            int[] ids = {1, 20, 30, 40, 50, 60, 70, 80};
            double[] expected = logits(fixture.with("config.json", older), ids);
            assertThat(logits(fixture.with("config.json", newer), ids)).containsExactly(expected);
            assertThat(logits(fixture, ids)).isNotEqualTo(expected);
        }
    }

    /** transformers 4 follows the inner configuration, transformers 5 the outer one, and both are written. */
    @ParameterizedTest
    @CsvSource({"janus, true, false", "janus, false, true", "emu3, true, false", "emu3, false, true", "qwen2.5-vl, true, false",
        "qwen2.5-vl, false, true"})
    void scoresComeFromTheEmbeddingsWhereEitherConfigurationSaysSo(String name, boolean outer, boolean inner) throws IOException {
        try (Fixture fixture = Fixture.open(name)) {
            ObjectNode config = (ObjectNode) JSON.readTree(fixture.json("config.json").orElseThrow());
            config.put("tie_word_embeddings", outer);
            text(config).put("tie_word_embeddings", inner);
            Weights stored = fixture.weights();
            List<Tensor> headless = stored.names().stream().filter(tensor -> !tensor.endsWith("lm_head.weight")).map(stored::get).toList();
            String table = headless.stream().map(Tensor::name).filter(tensor -> tensor.endsWith("embed_tokens.weight")).findFirst()
                    .orElseThrow();
            int[] ids = {1, 20, 30, 40};
            double[] scores = logits(fixture.with("config.json", config).with(Weights.of(headless)), ids);
            double[] last = run(fixture, ids).get("hidden.final_norm");
            float[] embeddings = stored.get(table).floats();
            int hidden = last.length / ids.length;
            int word = 20;
            double expected = IntStream.range(0, hidden)
                    .mapToDouble(i -> last[(ids.length - 1) * hidden + i] * embeddings[word * hidden + i]).sum();
            int words = scores.length / ids.length;
            assertThat(scores[(ids.length - 1) * words + word]).isCloseTo(expected, within(1e-4));
        }
    }

    private static ObjectNode text(ObjectNode config) {
        return config.has("text_config") ? (ObjectNode) config.get("text_config") : config;
    }

    private static double[] logits(Fixture fixture, int[] ids) {
        return run(fixture, ids).get(core(fixture).logitsName());
    }

    @Test
    void janusEmbedsCodesBehindItsWords() {
        try (Fixture fixture = Fixture.open("janus")) {
            TransformerCore core = core(fixture);
            int[] codes = fixture.ints("gen.embed.codes");
            GraphBuilder graph = new GraphBuilder();
            Node embedded = core.embed(graph, graph.input("ids", TensorType.i32(codes.length)));
            double[] ids = IntStream.of(codes).mapToDouble(code -> core.format().tokens().pictureIds()[code]).toArray();
            double[] values = fixture.run(graph.build(Map.of("x", embedded)), Map.of("ids", ids)).get("x");
            fixture.assertClose("gen.embed.aligned", values, Part.FIRST, 2e-5);
        }
    }

    @Test
    void janusScoresCodesByAHeadOfTheirOwn() {
        try (Fixture fixture = Fixture.open("janus")) {
            TransformerCore core = core(fixture);
            GraphBuilder graph = new GraphBuilder();
            Node hidden = graph.input("hidden", TensorType.f32(1, 64));
            Node scores = core.logits(graph, hidden, Head.PICTURE);
            double[] values = fixture.run(graph.build(Map.of("scores", scores)),
                    Map.of("hidden", Fixture.doubles(fixture.floats("gen.step0.hidden_cond")))).get("scores");
            fixture.assertClose("gen.step0.logits_cond", values, Part.FIRST, TOLERANCE);
        }
    }

    @ParameterizedTest
    @CsvSource({"llama, llama", "chameleon-7b, chameleon", "janus, janus", "emu3, emu3", "qwen2, qwen2", "qwen3, qwen3",
        "mistral, mistral", "gemma2, gemma2", "gemma3, gemma3_text", "qwen2.5-vl, qwen2_5_vl"})
    void oneFactoryServesEachFamily(String name, String factory) {
        try (Fixture fixture = Fixture.open(name)) {
            assertThat(FACTORIES.stream().filter(candidate -> candidate.refuses(fixture).isEmpty()).map(ComponentFactory::name))
                    .containsExactly(factory);
        }
    }

    private static TransformerCore core(Fixture fixture) {
        return FACTORIES.stream().filter(factory -> factory.refuses(fixture).isEmpty()).findFirst().orElseThrow()
                .create(fixture);
    }

    /** All that the model names, and the scores, for one sequence given whole. */
    private static Map<String, double[]> run(Fixture fixture, int[] ids) {
        TransformerCore core = core(fixture);
        GraphBuilder graph = new GraphBuilder();
        TensorType type = TensorType.i32(1, ids.length);
        Node embedded = core.embed(graph, graph.input("ids", type));
        Node hidden = core.hidden(graph, embedded, graph.iota(type, 1), KeyValueCache.none());
        Map<String, Node> outputs = new LinkedHashMap<>(graph.named());
        outputs.put(core.logitsName(), core.logits(graph, hidden, Head.TEXT));
        return fixture.run(graph.build(outputs), Map.of("ids", Fixture.doubles(ids)));
    }
}
