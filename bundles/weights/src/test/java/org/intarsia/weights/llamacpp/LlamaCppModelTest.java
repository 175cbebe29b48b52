package org.intarsia.weights.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.io.Sha256;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.TensorInfo;
import org.intarsia.weights.Weights;
import org.intarsia.weights.WeightsException;
import org.intarsia.weights.tool.Conversion;
import org.intarsia.weights.tool.ProgressListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written for llama.cpp, beside what llama.cpp's own converter (v0.5.0) wrote for the same directories. */
class LlamaCppModelTest {
    private static final ProgressListener NOBODY = (what, bytes, of) -> { };
    /** What is written beyond, as llama.cpp's defaults are not what the directory says. */
    private static final Set<String> BEYOND = Set.of("general.name", "general.sampling.min_p",
            "general.sampling.penalty_repeat", "general.sampling.top_k", "tokenizer.ggml.add_bos_token", "gemma2.rope.freq_base");

    private static final float[] FACTORS = {1.0f, 2.4422596f, 8.0f, 8.0f, 8.0f, 8.0f, 8.0f, 8.0f};

    @TempDir
    Path folder;

    private Path converted(Path model, Encoding encoding) {
        Path out = folder.resolve("out.gguf");
        Conversion.of(model, out, encoding, NOBODY);
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama3", "llama-spm", "mistral", "qwen2", "qwen3", "gemma2", "gemma3"})
    void writesWhatLlamaCppsConverterWrites(String name) throws Exception {
        Map<String, Object> golden = TinyCheckpoints.golden(name);
        Map<String, Object> tensors = JsonTree.child(golden, "tensors");
        Map<String, Object> metadata = JsonTree.child(golden, "metadata");
        try (Weights ours = Checkpoint.open(converted(TinyCheckpoints.write(name, folder), Encoding.F32))) {
            assertThat(ours.names()).isEqualTo(new TreeSet<>(tensors.keySet()));
            for (String tensor : ours.names()) {
                Map<String, Object> expected = JsonTree.object(tensors.get(tensor));
                assertThat(ours.get(tensor).shape()).as(tensor).isEqualTo(Shape.of(TinyCheckpoints.sizes(expected.get("shape"))));
                if (!tensor.equals("rope_freqs.weight")) {
                    assertThat(sha256(ours.get(tensor))).as(tensor).isEqualTo(expected.get("sha256"));
                }
            }
            Set<String> keys = new TreeSet<>(ours.metadata().keys());
            assertThat(keys).containsAll(metadata.keySet());
            keys.removeAll(metadata.keySet());
            assertThat(BEYOND).containsAll(keys);
            metadata.forEach((key, value) -> assertSame(key, JsonTree.object(value).get("value"), ours.metadata()));
        }
    }

    private static void assertSame(String key, Object expected, Metadata metadata) {
        Object value = metadata.find(key).orElseThrow();
        if (expected instanceof List<?> items) {
            assertThat(numbers((List<?>) value)).as(key).isEqualTo(numbers(items));
        } else {
            assertThat(number(value)).as(key).isEqualTo(number(expected));
        }
    }

    private static List<Object> numbers(List<?> items) {
        return items.stream().map(LlamaCppModelTest::number).toList();
    }

    /** The reader of the reference shows binary32 numbers with all the digits of binary64. */
    private static Object number(Object value) {
        return value instanceof Number number ? (Object) number.floatValue() : value;
    }

    private static String sha256(Tensor tensor) {
        MessageDigest digest = Sha256.digest();
        digest.update(tensor.content().asByteBuffer());
        return Sha256.hexadecimal(digest);
    }

    /** The reference's own, computed in binary32 by torch; the last bit may differ. */
    @Test
    void theFactorsOfLlama3sRotationAreThoseOfTheReference() throws IOException {
        try (Weights ours = Checkpoint.open(converted(TinyCheckpoints.write("llama3", folder), Encoding.F32))) {
            float[] factors = ours.get("rope_freqs.weight").floats();
            assertThat(factors).hasSameSizeAs(FACTORS);
            for (int i = 0; i < factors.length; i++) {
                assertThat(factors[i]).isCloseTo(FACTORS[i], Percentage.withPercentage(1e-4));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"Q8_0, Q8_0", "Q4_0, Q4_0", "Q4_K, Q8_0", "BF16, BF16"})
    void normsAndBiasesStayF32AndRowsGetBlocksThatFit(Encoding encoding, String expected) throws IOException {
        Path model = TinyCheckpoints.write("qwen2", folder);
        Conversion done = Conversion.of(model, folder.resolve("out.gguf"), encoding, NOBODY);
        assertThat(done.form()).isEqualTo("llama.cpp's own names and metadata, architecture qwen2");
        try (Weights ours = Checkpoint.open(folder.resolve("out.gguf"))) {
            for (TensorInfo tensor : ours.list()) {
                assertThat(tensor.encoding()).as(tensor.name())
                        .isEqualTo(tensor.shape().rank() == 1 ? "F32" : expected);
            }
            assertThat(ours.metadata().integer("general.quantization_version")).contains(2L);
        }
    }

    /** Rows that are moved are moved before they are quantised, in pieces of any size. */
    @Test
    void movedRowsAreThoseOfTheCheckpoint() {
        Tensor tensor = TinyCheckpoints.tensor("q", 24, 64);
        WrittenTensor moved = WrittenTensor.interleaved("q", tensor, 3);
        int[] rows = {0, 4, 1, 5, 2, 6, 3, 7};
        for (int row = 0; row < 24; row++) {
            assertThat(moved.values().floats(row * 64L, 64)).as("row %d", row)
                    .isEqualTo(tensor.floats((row / 8 * 8 + rows[row % 8]) * 64L, 64));
        }
        List<Float> whole = floats(moved.values().floats(0, 24 * 64));
        List<Float> pieces = new ArrayList<>();
        for (int first = 0; first < 24 * 64; first += 96) {
            pieces.addAll(floats(moved.values().floats(first, 96)));
        }
        assertThat(pieces).isEqualTo(whole);
    }

    private static List<Float> floats(float[] values) {
        return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
    }

    /** Without tokenizer.model the scores follow from the merges, and give the same order. */
    @Test
    void scoresFollowFromMerges() throws IOException {
        Path model = TinyCheckpoints.write("llama-spm", folder);
        List<Number> published = scores(converted(model, Encoding.F16));
        Files.delete(model.resolve("tokenizer.model"));
        List<Number> derived = scores(converted(model, Encoding.F16));
        float least = (float) derived.stream().mapToDouble(Number::doubleValue).filter(score -> score > -1000).min().orElseThrow();
        // All that merges make; single characters and bytes have no place among these.
        List<Integer> merged = IntStream.range(0, derived.size()).boxed()
                .filter(id -> derived.get(id).floatValue() > least).toList();
        assertThat(merged).hasSizeGreaterThan(80);
        assertThat(ordered(merged, derived)).isEqualTo(ordered(merged, published));
    }

    private static List<Integer> ordered(List<Integer> ids, List<Number> scores) {
        return ids.stream().sorted(Comparator.comparing((Integer id) -> scores.get(id).floatValue()).reversed()).toList();
    }

    private static List<Number> scores(Path file) {
        try (Weights weights = Checkpoint.open(file)) {
            return weights.metadata().numbers("tokenizer.ggml.scores").orElseThrow();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "llama3 | \"rope_type\": \"llama3\" | \"rope_type\": \"dynamic\" | it has linear, llama3, yarn",
        "llama3 | \"low_freq_factor\": 1.0 | \"low_freq_factor\": 1.0, \"truncate\": true | has no 'truncate'",
        "llama3 | \"hidden_act\": \"silu\" | \"hidden_act\": \"gelu\" | 'hidden_act' 'gelu'",
        "llama3 | \"mlp_bias\": false | \"num_local_experts\": 8 | 'num_local_experts' '8'",
        "llama3 | \"mlp_bias\": false | \"partial_rotary_factor\": 0.5 | 'partial_rotary_factor' '0.5'",
        "llama3 | \"mlp_bias\": false | \"quantization_config\": {\"bits\": 4} | 'quantization_config'",
        "mistral | \"sliding_window\": null | \"sliding_window\": 64 | 'sliding_window' '64'",
        "mistral | \"factor\": 4.0 | \"factor\": 4.0, \"beta_fast\": 16 | its beta_fast is 32",
        "qwen2 | \"use_sliding_window\": false | \"use_sliding_window\": true | 'use_sliding_window' 'true'",
        "qwen3 | \"rope_type\": \"default\" | \"rope_type\": \"llama3\" | has linear, yarn",
        "gemma2 | \"query_pre_attn_scalar\": 32 | \"query_pre_attn_scalar\": 64 | 'query_pre_attn_scalar' '64'",
        "gemma2 | \"hidden_activation\": \"gelu_pytorch_tanh\" | \"hidden_activation\": \"gelu\" | 'hidden_activation' 'gelu'",
        "gemma3 | \"_sliding_window_pattern\": 6 | \"_sliding_window_pattern\": 5 | '_sliding_window_pattern' '5'"})
    void refusesByItsNameWhatLlamaCppComputesOtherwise(String name, String text, String by, String complaint) throws IOException {
        Path model = TinyCheckpoints.write(name, folder);
        Path config = model.resolve("config.json");
        String changed = Files.readString(config).replace(text, by);
        assertThat(changed).isNotEqualTo(Files.readString(config));
        Files.writeString(config, changed);
        assertThatThrownBy(() -> converted(model, Encoding.F16)).isInstanceOf(WeightsException.class)
                .hasMessageContaining(complaint).hasMessageContaining("does not compute")
                .hasMessageEndingWith("name a directory to write, which keeps the checkpoint's own form");
        assertThat(folder.resolve("out.gguf")).doesNotExist();
        Conversion kept = Conversion.of(model, folder.resolve("kept"), Encoding.F16, NOBODY);
        assertThat(kept.form()).isEqualTo("the checkpoint's own names, as safetensors");
    }

    /** llama.cpp multiplies by this what it computes from the factor. */
    @Test
    void theFactorOfAttentionIsWrittenAsLlamaCppUsesIt() throws IOException {
        Path model = TinyCheckpoints.write("mistral", folder);
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"factor\": 4.0", "\"factor\": 4.0, \"attention_factor\": 1.5"));
        try (Weights ours = Checkpoint.open(converted(model, Encoding.F32))) {
            assertThat(ours.metadata().number("llama.rope.scaling.attn_factor").orElseThrow().doubleValue())
                    .isCloseTo(1.5 / (1 + 0.1 * Math.log(4)), Percentage.withPercentage(1e-4));
        }
    }

    @Test
    void theTokenInFrontOfEachTextIsTheTemplates() throws IOException {
        Path model = TinyCheckpoints.write("llama3", folder);
        Path settings = model.resolve("tokenizer_config.json");
        Files.delete(settings);
        try (Weights ours = Checkpoint.open(converted(model, Encoding.F16))) {
            assertThat(ours.metadata().integer("tokenizer.ggml.bos_token_id")).contains(380L);
            assertThat(ours.metadata().flag("tokenizer.ggml.add_bos_token")).contains(true);
        }
        Files.writeString(settings, "{\"bos_token\": \"<|eot_id|>\"}");
        assertThatThrownBy(() -> converted(model, Encoding.F16)).isInstanceOf(WeightsException.class)
                .hasMessageContaining("puts '<|begin_of_text|>' around each text, but has '<|eot_id|>' as its bos_token");
    }

    @Test
    void namesWhatConfigSaysBeyond() throws IOException {
        Path model = TinyCheckpoints.write("llama3", folder);
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"mlp_bias\": false", "\"mlp_bias\": false, \"novelty\": 3"));
        assertThat(Conversion.of(model, folder.resolve("out.gguf"), Encoding.F16, NOBODY).notes())
                .containsExactly("config.json says novelty, which the file does not");
    }

    @Test
    void namesTensorsThatAreMissingOrUnknown() throws IOException {
        Path model = TinyCheckpoints.write("qwen3", folder);
        List<Tensor> tensors = new ArrayList<>();
        try (Weights weights = Checkpoint.open(model)) {
            for (String name : weights.names()) {
                if (!name.equals("model.layers.1.mlp.up_proj.weight")) {
                    tensors.add(weights.get(name).copy());
                }
            }
        }
        Safetensors.write(model.resolve(Checkpoint.SINGLE), tensors, Map.of());
        assertThatThrownBy(() -> converted(model, Encoding.F16)).isInstanceOf(WeightsException.class)
                .hasMessage("the checkpoint of '" + model + "' lacks 'model.layers.1.mlp.up_proj.weight'");
        tensors.add(TinyCheckpoints.tensor("model.layers.1.mlp.up_proj.weight", 96, 64));
        tensors.add(TinyCheckpoints.tensor("model.layers.1.mlp.router.weight", 8, 64));
        Safetensors.write(model.resolve(Checkpoint.SINGLE), tensors, Map.of());
        assertThatThrownBy(() -> converted(model, Encoding.F16)).isInstanceOf(WeightsException.class)
                .hasMessageContaining("beyond what llama.cpp's qwen3 knows, 'model.layers.1.mlp.router.weight'");
    }

    @Test
    void tokenizersThatLlamaCppDoesNotHaveAreRefused() throws IOException {
        Path model = TinyCheckpoints.write("qwen2", folder);
        Path file = model.resolve("tokenizer.json");
        String tokenizer = Files.readString(file);
        Files.writeString(file, tokenizer.replace("\\\\p{N}|", "\\\\p{N}{1,2}|"));
        assertThatThrownBy(() -> converted(model, Encoding.F16)).isInstanceOf(WeightsException.class)
                .hasMessage("the tokenizer of '" + model + "' divides text by a rule that none of llama-bpe, smaug-bpe, qwen2,"
                        + " gpt-2, smollm, deepseek-llm stands for, which is not written for llama.cpp");
        Files.writeString(file, tokenizer.replace("\"type\":\"BPE\"", "\"type\":\"Unigram\""));
        assertThatThrownBy(() -> converted(model, Encoding.F16)).isInstanceOf(WeightsException.class)
                .hasMessageContaining("has a tokenizer of the kind 'Unigram'; only BPE is written for llama.cpp");
        Files.writeString(file, tokenizer.replace("\"NFC\"", "\"Lowercase\""));
        assertThatThrownBy(() -> converted(model, Encoding.F16)).isInstanceOf(WeightsException.class)
                .hasMessageContaining("normalises text by 'Lowercase'");
        Files.delete(file);
        assertThatThrownBy(() -> converted(model, Encoding.F16)).isInstanceOf(WeightsException.class)
                .hasMessageContaining("has neither tokenizer.json nor tokenizer.model");
        Files.write(model.resolve("tokenizer.model"), new byte[] {10, 127, 1});
        assertThatThrownBy(() -> converted(model, Encoding.F16)).isInstanceOf(WeightsException.class)
                .hasMessage("'" + model.resolve("tokenizer.model") + "' is not a tokenizer of SentencePiece");
    }
}
