package org.intarsia.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.planning.api.Blueprint;
import org.intarsia.tokenizer.TokenizerJson;
import org.intarsia.transformer.core.ChameleonCoreFactory;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A checkpoint of random weights has the shape that was asked for, and can be run. */
class RandomCheckpointTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;
    private Path config;

    /** The tiny model of the reference, but wide enough for blocks of 256. */
    @BeforeEach
    void widen() throws IOException {
        ObjectNode tiny = (ObjectNode) JSON.readTree(Workshop.FIXTURES.resolve("chameleon-30b/config.json").toFile());
        tiny.put("hidden_size", 512).put("intermediate_size", 768).put("num_attention_heads", 4).put("num_key_value_heads", 2);
        config = folder.resolve("config.json");
        JSON.writeValue(config.toFile(), tiny);
    }

    private Path write(String name, Encoding encoding, long seed) {
        Path directory = folder.resolve(name);
        Workshop.planner().write(config.toString(), encoding, directory, seed, (what, written, bytes) -> { });
        return directory;
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K"})
    void itHasTheShapesTheEncodingAndSaneValues(Encoding encoding) {
        Blueprint blueprint = Workshop.planner().blueprint(config.toString());
        Map<String, Shape> expected = new TreeMap<>();
        blueprint.pieces().forEach(piece -> piece.weights().forEach(weight -> expected.put(weight.name(), weight.shape())));
        try (Weights weights = Checkpoint.open(write("random", encoding, 7))) {
            Map<String, Shape> written = new TreeMap<>();
            weights.names().forEach(name -> written.put(name, weights.get(name).shape()));
            assertThat(written).isEqualTo(expected);
            assertThat(weights.get("model.layers.0.mlp.up_proj.weight").type().encoding()).isEqualTo(encoding);
            assertThat(weights.get("model.layers.0.self_attn.q_norm.weight").type().encoding())
                    .isEqualTo(encoding.isBlockQuantised() ? Encoding.F32 : encoding);
            check(weights.get("model.layers.0.mlp.up_proj.weight"), 0, 1 / Math.sqrt(512));
            check(weights.get("model.layers.0.mlp.down_proj.weight"), 0, 1 / Math.sqrt(768));
            check(weights.get("model.vqmodel.encoder.down.0.block.0.conv1.weight"), 0, 1 / Math.sqrt(32 * 9));
            check(weights.get("model.layers.0.self_attn.q_norm.weight"), 1, 0.02);
            check(weights.get("model.norm.weight"), 1, 0.02);
            check(weights.get("model.vqmodel.encoder.mid.block_1.norm1.bias"), 0, 0.02);
        }
    }

    private static void check(Tensor tensor, double centre, double deviation) {
        float[] values = tensor.to(Encoding.F32).floats();
        double mean = IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElseThrow();
        double spread = Math.sqrt(IntStream.range(0, values.length).mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
                .average().orElseThrow());
        // Four deviations of the mean of so many values; the spread of few values is less sure, and BF16 is coarse near 1.
        assertThat(mean).as(tensor.name()).isBetween(centre - 4 * deviation / Math.sqrt(values.length) - 0.003,
                centre + 4 * deviation / Math.sqrt(values.length) + 0.003);
        assertThat(spread / deviation).as(tensor.name()).isBetween(values.length < 1000 ? 0.7 : 0.97, values.length < 1000 ? 1.4 : 1.03);
    }

    @Test
    void equalSeedsGiveEqualWeights() {
        assertThat(hash(write("a", Encoding.Q8_0, 1))).isEqualTo(hash(write("b", Encoding.Q8_0, 1)))
                .isNotEqualTo(hash(write("c", Encoding.Q8_0, 2)));
    }

    private static String hash(Path directory) {
        try (Weights weights = Checkpoint.open(directory)) {
            return weights.hash();
        }
    }

    @Test
    void whatWasBrokenOffLeavesNoDirectoryAndGoesOn() {
        Path directory = folder.resolve("again");
        assertThatThrownBy(() -> Workshop.planner().write(config.toString(), Encoding.BF16, directory, 3, (what, written, bytes) -> {
            if (written > bytes / 2) {
                throw new ModelException("stop");
            }
        })).hasMessage("stop");
        assertThat(directory).doesNotExist();
        assertThat(hash(write("again", Encoding.BF16, 3))).isEqualTo(hash(write("whole", Encoding.BF16, 3)));
        assertThat(folder).isDirectoryNotContaining("glob:**/.*");
        assertThatThrownBy(() -> write("again", Encoding.BF16, 3)).isInstanceOf(ModelException.class)
                .hasMessage("'" + directory + "' is there already; name another directory or remove it");
        assertThatThrownBy(() -> write("other", Encoding.Q2_K, 3)).isInstanceOf(ModelException.class)
                .hasMessage("random weights are not made in Q2_K but in [F32, F16, BF16, Q8_0, Q4_0, Q4_K]");
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "Q8_0", "Q4_0", "Q4_K"})
    void activationsKeepTheirSize(Encoding encoding) {
        Path directory = write("run", encoding, 5);
        try (Weights stored = Checkpoint.open(directory); Device device = new CpuBackend().open()) {
            Weights weights = Weights.of(stored.names().stream().map(name -> stored.get(name).to(Encoding.F32)).toList());
            TransformerCore core = new ChameleonCoreFactory().create(new Workshop.Opened(directory, weights));
            GraphBuilder builder = new GraphBuilder();
            Node ids = builder.input("ids", TensorType.i32(1, 8));
            Node position = builder.input("position", TensorType.i32(1, 8));
            Node hidden = core.hidden(builder, core.embed(builder, ids), position, KeyValueCache.none());
            Graph graph = builder.build(Map.of("logits", core.logits(builder, hidden, TransformerCore.Head.TEXT)));
            Map<String, Buffer> bound = new HashMap<>();
            graph.leaves(Leaf.Parameter.class).forEach((name, node) -> bound.put(name,
                    device.constant(weights.get(name).type(), weights.get(name).content())));
            try (Plan plan = device.compile(graph, bound, 0)) {
                plan.input("ids").write(0, 100, 101, 102, 103, 104, 105, 106);
                plan.input("position").write(0, 1, 2, 3, 4, 5, 6, 7);
                plan.run();
                float[] logits = plan.output("logits").floats(8 * core.geometry().vocabulary());
                double square = IntStream.range(0, logits.length).mapToDouble(i -> logits[i] * logits[i]).average().orElseThrow();
                assertThat(square).isBetween(0.5, 2.0);
            }
        }
    }

    @Test
    void itsTokenizerHasATokenForEachByteAndTheSpecialOnes() throws IOException {
        // Without a vocabulary of its own the model gets the usual one of its family.
        ObjectNode bare = (ObjectNode) JSON.readTree(config.toFile());
        bare.remove("vocabulary_map");
        bare.put("vocab_size", 9000);
        ((ObjectNode) bare.get("vq_config")).put("num_embeddings", 8192);
        JSON.writeValue(config.toFile(), bare);
        Path directory = write("words", Encoding.BF16, 1);
        try (Tokenizer tokenizer = TokenizerJson.open(directory.resolve("tokenizer.json"))) {
            assertThat(tokenizer.size()).isEqualTo(9000);
            assertThat(tokenizer.id("<racm3:break>")).hasValue(8197);
            assertThat(tokenizer.token(4 + 8191)).isEqualTo("IMGIMGIBJBZ");
            String text = "Ein Bär – 熊, \t\"x\"\n";
            int[] ids = tokenizer.encode(text, true);
            assertThat(ids[0]).isZero();
            assertThat(ids).hasSize(1 + text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
            assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
            assertThat(tokenizer.encode("a<image>", false)).endsWith(8711);
        }
        List<String> files = List.of("config.json", "generation_config.json", "model.safetensors", "preprocessor_config.json",
                "processor_config.json", "tokenizer.json");
        try (var listed = Files.list(directory)) {
            assertThat(listed.map(file -> file.getFileName().toString()).sorted().toList()).isEqualTo(files);
        }
    }

    @Test
    void aLlamaHasTheTokensThatItsConfigurationNumbers() throws IOException {
        Files.writeString(config, """
                {"model_type": "llama", "vocab_size": 300, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 1,
                 "num_attention_heads": 4, "rms_norm_eps": 1e-5, "bos_token_id": 298, "eos_token_id": [299, 7]}""");
        try (Tokenizer tokenizer = TokenizerJson.open(write("llama", Encoding.BF16, 1).resolve("tokenizer.json"))) {
            assertThat(tokenizer.encode("ab", true)).containsExactly(298, tokenizer.id("a").orElseThrow(),
                    tokenizer.id("b").orElseThrow());
            assertThat(tokenizer.token(299)).isEqualTo("<|end_of_text|>");
            assertThat(tokenizer.token(7)).isNotEmpty();
        }
    }
}
