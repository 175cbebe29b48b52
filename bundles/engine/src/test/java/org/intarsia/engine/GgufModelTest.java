package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.files.ModelBundles;
import org.intarsia.engine.files.OpenedFiles;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.tokenizer.HuggingFaceTokenizerFactory;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.TensorSource;
import org.intarsia.weights.TensorWriter;
import org.intarsia.weights.WeightsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A GGUF file that others wrote, seen as a model directory. */
class GgufModelTest {
    static final Path GGUF = Path.of("../weights/src/test/resources/gguf");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void looksLikeAModelDirectory() throws IOException {
        try (Presented model = Presented.open(GGUF.resolve("llama.gguf"))) {
            assertThat(model.family()).isEqualTo("llama");
            assertThat(model.weights().names()).hasSize(22).contains("model.embed_tokens.weight", "rope_freqs.weight",
                    "model.layers.1.self_attn.q_proj.weight", "model.layers.0.mlp.down_proj.weight", "model.norm.weight",
                    "lm_head.weight", "model.layers.1.post_attention_layernorm.weight").noneMatch(name -> name.contains("blk"));
            assertThat(model.weights().get("model.layers.0.self_attn.q_proj.weight").type().encoding())
                    .isEqualTo(Encoding.Q4_K);
            assertThat(JSON.readTree(model.json("config.json").orElseThrow())).isEqualTo(JSON.readTree("""
                    {"model_type":"llama","hidden_act":"silu","hidden_size":256,"intermediate_size":256,
                     "num_hidden_layers":2,"num_attention_heads":8,"num_key_value_heads":2,"head_dim":32,
                     "max_position_embeddings":512,"rms_norm_eps":1e-5,"rope_theta":500000.0,"rope_interleaved":true,
                     "vocab_size":329,"tie_word_embeddings":false,"attention_bias":false,"mlp_bias":false,
                     "bos_token_id":326,"eos_token_id":[327,328]}"""));
            assertThat(model.json("generation_config.json")).as("says nothing about sampling").isEmpty();
            assertThat(model.json("preprocessor_config.json")).isEmpty();
            assertThat(model.weightsHash()).startsWith("sha256:").hasSize(71);
        }
    }

    @Test
    void givesTheIdsOfTheReference() throws IOException {
        JsonNode golden = JSON.readTree(GGUF.resolve("golden.json").toFile()).get("llama");
        int[] expected = JSON.convertValue(golden.get("input_ids"), int[].class);
        HuggingFaceTokenizerFactory factory = new HuggingFaceTokenizerFactory();
        try (Presented model = Presented.open(GGUF.resolve("llama.gguf"))) {
            assertThat(factory.refuses(model)).isEmpty();
            try (Tokenizer tokenizer = factory.create(model)) {
                String text = golden.get("text").asText();
                assertThat(tokenizer.encode(text, true)).isEqualTo(expected);
                assertThat(tokenizer.decode(expected, false)).isEqualTo(text);
                assertThat(tokenizer.size()).isEqualTo(329);
            }
        }
    }

    @Test
    void theEngineOpensIt() {
        Workshop workshop = new Workshop().withAllFamilies();
        try (OpenModel model = workshop.open(GGUF.resolve("llama.gguf"))) {
            assertThat(model.name()).isEqualTo("llama.gguf");
        }
    }

    @Test
    void saysWhatItCannotRun() {
        assertThatThrownBy(() -> new Workshop().open(GGUF.resolve("types.gguf"))).isInstanceOf(ModelException.class)
                .hasMessageStartingWith("no family takes model types.gguf: its architecture is 'test', and there are chameleon, emu3,"
                        + " gemma2, gemma3_text, janus, liquid, llama, mistral, qwen2, qwen2_5_vl, qwen3; no family here has its tensors ")
                .hasMessageEndingWith("; take another model, or install a bundle that has its family");
        Path file = folder.resolve("model.gguf");
        write(file, Map.of("general.architecture", "llama", "llama.embedding_length", 8, "llama.expert_count", 8));
        assertConfig(file, "holds a mixture of experts, which cannot be run");
        write(file, Map.of("general.architecture", "llama", "llama.embedding_length", 8));
        assertConfig(file, "does not say what its llama.attention.head_count is; get the file again, or one of another"
                + " maker");
        write(file, Map.of("general.architecture", "llama", "llama.embedding_length", 8, "llama.attention.head_count", 1,
                "llama.rope.dimension_count", 4));
        assertConfig(file, "rotates 4 of the 8 dimensions of a head, which cannot be run");
        write(file, Map.of("general.architecture", "llama", "llama.embedding_length", "8"));
        try (Presented model = Presented.open(file)) {
            assertThatThrownBy(() -> model.json("config.json")).isInstanceOf(WeightsException.class)
                    .hasMessage("the metadata 'llama.embedding_length' of '" + file + "' is not a whole number");
        }
    }

    /** As llama.cpp reads it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "rope.scaling.type=linear rope.scaling.factor=4 | {'rope_type':'linear','factor':4.0}",
        "rope.scaling.factor=4 | {'rope_type':'linear','factor':4.0}",
        "rope.scale_linear=4 | {'rope_type':'linear','factor':4.0}",
        "rope.scaling.factor=2 rope.scale_linear=4 | {'rope_type':'linear','factor':2.0}",
        "rope.scaling.factor=0 rope.scale_linear=4 | {'rope_type':'linear','factor':4.0}",
        "rope.scaling.type=none rope.scaling.factor=4 | null",
        "rope.scaling.factor=0 | null",
        "rope.scaling.type=yarn rope.scaling.factor=1 | {'rope_type':'yarn','factor':1.0,'attention_factor':1.0}",
        "rope.scaling.type=yarn rope.scaling.factor=2 rope.scaling.original_context_length=128 rope.scaling.attn_factor=3"
                + " rope.scaling.yarn_beta_fast=16 rope.scaling.yarn_ext_factor=1 | {'rope_type':'yarn','factor':2.0,"
                + "'attention_factor':3.2079441541679836,'original_max_position_embeddings':128,'beta_fast':16.0}"})
    void readsTheScalingOfRotaryEmbeddings(String keys, String expected) throws IOException {
        Path file = folder.resolve("model.gguf");
        write(file, metadata(keys));
        try (Presented model = Presented.open(file)) {
            assertThat(JSON.readTree(model.json("config.json").orElseThrow()).path("rope_scaling").toString().replace('"', '\''))
                    .isEqualTo(expected.equals("null") ? "" : expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "rope.scaling.type=longrope | scales its rotary embedding by 'longrope' (llama.rope.scaling.type), which is not supported;"
                + " linear and yarn are",
        "rope.scaling.attn_factor=2 | has llama.rope.scaling.attn_factor 2.0, which is not supported; only 1.0 is",
        "rope.scaling.type=yarn rope.scaling.yarn_log_multiplier=2 | has llama.rope.scaling.yarn_log_multiplier 2.0, which is not"
                + " supported; only 0.0 is"})
    void refusesScalingThatItCannotFollow(String keys, String complaint) {
        Path file = folder.resolve("model.gguf");
        write(file, metadata(keys));
        assertConfig(file, complaint);
    }

    /** The least that a configuration takes, and these keys. */
    private static Map<String, Object> metadata(String keys) {
        Map<String, Object> metadata = new HashMap<>(Map.of("general.architecture", "llama", "llama.embedding_length", 8,
                "llama.attention.head_count", 1, "llama.feed_forward_length", 8, "llama.block_count", 1,
                "llama.context_length", 512, "llama.attention.layer_norm_rms_epsilon", 1e-5f));
        for (String key : keys.split(" ")) {
            String[] parts = key.split("=");
            metadata.put("llama." + parts[0], parts[0].endsWith("type") ? parts[1]
                    : parts[0].endsWith("length") ? (Object) Integer.valueOf(parts[1]) : Float.valueOf(parts[1]));
        }
        return metadata;
    }

    @Test
    void aLinkIntoAHubCacheKeepsItsNameAndNeedsNone() throws IOException {
        Path blobs = Files.createDirectory(folder.resolve("blobs"));
        Path blob = Files.copy(GGUF.resolve("llama.gguf"), blobs.resolve("0123abcd"));
        Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
        Path link = Files.createSymbolicLink(snapshot.resolve("base.gguf"), Path.of("../blobs/0123abcd"));
        EngineService engine = engine();
        for (Path path : List.of(link, blob, snapshot)) {
            try (Model model = engine.open(path.toString(), Placement.ANYWHERE)) {
                assertThat(model.name()).isEqualTo(path.getFileName().toString());
            }
        }
        assertThat(engine.directory(link.toString())).isEqualTo(snapshot.toRealPath().resolve("base.gguf"));
    }

    @Test
    void aFolderWithSeveralNamesThem() throws IOException {
        Files.copy(GGUF.resolve("llama.gguf"), folder.resolve("a.gguf"));
        Files.copy(GGUF.resolve("llama.gguf"), folder.resolve("b.GGUF"));
        assertThatThrownBy(() -> OpenedFiles.open(folder)).isInstanceOf(WeightsException.class)
                .hasMessage("the directory '" + folder + "' has several GGUF files: name one of a.gguf, b.GGUF");
    }

    /** A config.json beside a downloaded GGUF file describes its source; beside a converted one it describes the file. */
    @Test
    void aFolderIsDescribedByTheFileThatKnowsItsArchitecture() throws IOException {
        Files.copy(GGUF.resolve("llama.gguf"), folder.resolve("llama.GGUF"));
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"other\"}");
        try (Presented model = Presented.open(folder)) {
            assertThat(model.family()).isEqualTo("llama");
        }
        Files.delete(folder.resolve("llama.GGUF"));
        write(folder.resolve("model.gguf"), Map.of("general.architecture", "huggingface"));
        try (OpenedFiles model = OpenedFiles.open(folder)) {
            assertThat(model.family()).isEqualTo("other");
        }
    }

    @Test
    void theFileOfAModelDirectorysWeightsStandsForTheModel() {
        Path directory = Workshop.FIXTURES.resolve("llama");
        EngineService engine = engine();
        assertThat(engine.directory(directory.resolve("model.safetensors.index.json").toString()))
                .isEqualTo(engine.directory(directory.toString()));
    }

    @Test
    void aPointerOfGitLfsAmongTheSmallFilesIsCalledSo() throws IOException {
        Files.writeString(folder.resolve("config.json"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
        assertThatThrownBy(() -> OpenedFiles.open(folder)).isInstanceOf(WeightsException.class)
                .hasMessageContaining("git lfs pull");
    }

    private static EngineService engine() {
        Workshop workshop = new Workshop().withAllFamilies();
        return new EngineService(new ModelBundles(MessagesTest.noBundles(), () -> { }), workshop.registry, workshop.recorder,
                EngineStopTest.NO_USE);
    }

    private static void assertConfig(Path file, String complaint) {
        try (Presented model = Presented.open(file)) {
            assertThatThrownBy(() -> model.json("config.json")).isInstanceOf(ModelException.class)
                    .hasMessage("'" + file + "' " + complaint);
            assertThat(model.json("tokenizer.json")).isEmpty();
        }
    }

    private static void write(Path file, Map<String, Object> metadata) {
        Tensor tensor = Tensor.of("token_embd.weight", Shape.of(1, 8), new float[8]);
        TensorWriter.gguf(file, List.of(TensorSource.of(tensor)), Metadata.of(metadata)).write();
    }
}
