package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.tokenizer.HuggingFaceTokenizerFactory;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.TensorSource;
import org.intarsia.weights.TensorWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vocabularies go into the form of GGUF files, as the converter of llama.cpp brings them there, and come back the same. */
class GgufTokenizerTest {
    private static final Path TOKENIZERS = Path.of("../tokenizer/src/test/resources/tokenizers");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"bytelevel-gpt2, gpt-2", "bytelevel-llama3, llama-bpe", "bytelevel-qwen, qwen2",
            "bytelevel-deepseek, deepseek-llm", "bytelevel-digits, smollm"})
    void byteLevelVocabulariesGiveTheSameIds(String vocabulary, String rule) throws IOException {
        Map<String, Object> metadata = metadata(vocabulary);
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", rule);
        metadata.put("tokenizer.ggml.merges", merges(vocabulary));
        assertThat(differences(vocabulary, metadata)).isEmpty();
    }

    @Test
    void piecesGiveTheSameIdsByTheirMerges() throws IOException {
        Map<String, Object> metadata = metadata("metaspace-llama2");
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.put("tokenizer.ggml.merges", merges("metaspace-llama2"));
        assertThat(differences("metaspace-llama2", metadata)).isEmpty();
    }

    /** SentencePiece knows no merges but scores; the vocabulary lists its pieces in the order in which they were merged. */
    @Test
    void piecesGiveTheSameIdsByTheirScores() throws IOException {
        assertThat(differences("metaspace-llama2", withScores("metaspace-llama2"))).isEmpty();
    }

    /** This vocabulary puts a space in front of the first word alone, which GGUF files cannot say. */
    @Test
    void piecesOfOtherVocabulariesDifferOnlyInTheSpacesInFront() throws IOException {
        assertThat(differences("metaspace-pretok", withScores("metaspace-pretok"))).hasSizeLessThan(20)
                .allMatch(text -> text.matches("(?s)[\\s▁].*|.*(<s>|<image>).*"));
    }

    private static Map<String, Object> withScores(String vocabulary) throws IOException {
        Map<String, Object> metadata = metadata(vocabulary);
        metadata.put("tokenizer.ggml.model", "llama");
        List<String> merged = merges(vocabulary).stream().map(merge -> merge.replace(" ", "")).toList();
        List<Float> scores = new ArrayList<>();
        for (Object token : (List<?>) metadata.get("tokenizer.ggml.tokens")) {
            scores.add(merged.contains(token) ? -1f - merged.indexOf(token) : -1e6f);
        }
        metadata.put("tokenizer.ggml.scores", scores);
        return metadata;
    }

    @Test
    void keepsWhatStandsBesideTheVocabulary() throws IOException {
        Map<String, Object> metadata = metadata("bytelevel-qwen");
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", "qwen2");
        metadata.put("tokenizer.ggml.eos_token_id", 396);
        metadata.put("tokenizer.ggml.add_eos_token", true);
        metadata.put("tokenizer.chat_template", "{{ messages }}");
        metadata.put("tokenizer.ggml.merges", List.of());
        try (Presented model = open(metadata)) {
            assertThat(JSON.readTree(model.json("tokenizer_config.json").orElseThrow())).isEqualTo(JSON.readTree("""
                    {"eos_token": "<|endoftext|>", "add_bos_token": false, "add_eos_token": true, "chat_template": "{{ messages }}"}"""));
            try (Tokenizer tokenizer = new HuggingFaceTokenizerFactory().create(model)) {
                assertThat(tokenizer.encode("!", true)).containsExactly(0, 396);
                assertThat(tokenizer.encode("!", false)).containsExactly(0);
            }
        }
    }

    @Test
    void saysWhatItCannotUse() throws IOException {
        Map<String, Object> metadata = metadata("bytelevel-gpt2");
        metadata.put("tokenizer.ggml.model", "bert");
        assertRefused(metadata, "has a tokenizer of the kind 'bert'; those that can be used are gpt2 and llama");
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", "of-tomorrow");
        assertRefused(metadata, "has a tokenizer that divides text by the rule 'of-tomorrow'; known are codeshell,");
        metadata.put("tokenizer.ggml.pre", "gpt-2");
        metadata.put("tokenizer.ggml.merges", List.of("nospace"));
        assertRefused(metadata, "is damaged: its tokenizer.ggml.merges hold one without a space");
        metadata.remove("tokenizer.ggml.merges");
        metadata.put("tokenizer.ggml.add_bos_token", true);
        metadata.put("tokenizer.ggml.bos_token_id", 424);
        assertRefused(metadata, "is damaged: its tokenizer.ggml.bos_token_id is 424, but it has 424 tokens");
        metadata.put("tokenizer.ggml.token_type", List.of(1));
        assertRefused(metadata, "is damaged: it has 424 tokens, but 1 items in tokenizer.ggml.token_type");
    }

    @Test
    void strangeTokensTakeNoTime() {
        Map<String, Object> metadata = new HashMap<>(Map.of("general.architecture", "llama", "tokenizer.ggml.model", "llama",
                "tokenizer.ggml.tokens", List.of("<unk>", "", "a".repeat(40_000), "a", "\ud83d\ude00", "aa", "\ud83d\ude00a"),
                "tokenizer.ggml.token_type", List.of(2, 1, 1, 1, 1, 1, 1)));
        metadata.put("tokenizer.ggml.add_bos_token", false);
        metadata.put("tokenizer.ggml.add_space_prefix", false);
        try (Presented model = open(metadata); Tokenizer tokenizer = new HuggingFaceTokenizerFactory().create(model)) {
            assertThat(tokenizer.encode("aa\ud83d\ude00a", false)).containsExactly(5, 6);
        }
    }

    private void assertRefused(Map<String, Object> metadata, String complaint) {
        try (Presented model = open(metadata)) {
            assertThatThrownBy(() -> model.json("tokenizer.json")).isInstanceOf(ModelException.class)
                    .hasMessageStartingWith("'" + model.directory() + "' " + complaint);
        }
    }

    private Presented open(Map<String, Object> metadata) {
        Path file = folder.resolve("model.gguf");
        Tensor tensor = Tensor.of("token_embd.weight", Shape.of(1, 1), new float[1]);
        TensorWriter.gguf(file, List.of(TensorSource.of(tensor)), Metadata.of(metadata)).write();
        return Presented.open(file);
    }

    private static JsonNode read(String vocabulary, String file) throws IOException {
        return JSON.readTree(TOKENIZERS.resolve(vocabulary).resolve(file).toFile());
    }

    private static Map<String, Object> metadata(String vocabulary) throws IOException {
        JsonNode json = read(vocabulary, "tokenizer.json");
        Map<Integer, String> tokens = new HashMap<>();
        Map<Integer, Integer> types = new HashMap<>();
        json.get("model").get("vocab").properties().forEach(entry -> {
            tokens.put(entry.getValue().asInt(), entry.getKey());
            types.put(entry.getValue().asInt(), entry.getKey().matches("<0x..>") ? 6 : 1);
        });
        json.get("added_tokens").forEach(token -> {
            tokens.put(token.get("id").asInt(), token.get("content").asText());
            types.put(token.get("id").asInt(), !token.get("special").asBoolean() ? 4
                    : token.get("content").asText().equals("<unk>") ? 2 : 3);
        });
        int size = Collections.max(tokens.keySet()) + 1;
        List<String> names = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (int id = 0; id < size; id++) {
            names.add(tokens.getOrDefault(id, "[PAD" + id + "]"));
            numbers.add(types.getOrDefault(id, 5));
        }
        Map<String, Object> metadata = new HashMap<>(Map.of("general.architecture", "llama",
                "tokenizer.ggml.tokens", names, "tokenizer.ggml.token_type", numbers));
        JsonNode begin = json.findPath("special_tokens").findPath("ids");
        metadata.put("tokenizer.ggml.add_bos_token", begin.isArray());
        if (begin.isArray()) {
            metadata.put("tokenizer.ggml.bos_token_id", begin.get(0).asInt());
        }
        return metadata;
    }

    private static List<String> merges(String vocabulary) throws IOException {
        List<String> merges = new ArrayList<>();
        read(vocabulary, "tokenizer.json").get("model").get("merges")
                .forEach(merge -> merges.add(merge.get(0).asText() + " " + merge.get(1).asText()));
        return merges;
    }

    /** The texts and ids that come out otherwise than with the reference. */
    private List<String> differences(String vocabulary, Map<String, Object> metadata) throws IOException {
        JsonNode golden = read(vocabulary, "golden.json");
        List<String> unspeakable = unspeakable(vocabulary);
        List<String> differences = new ArrayList<>();
        assertThat(golden.get("encode").size()).isGreaterThan(90);
        try (Presented model = open(metadata); Tokenizer tokenizer = new HuggingFaceTokenizerFactory().create(model)) {
            for (JsonNode encoded : golden.get("encode")) {
                String text = encoded.get("text").asText();
                boolean equal = same(tokenizer.encode(text, true), encoded.get("ids"))
                        && same(tokenizer.encode(text, false), encoded.get("ids_no_special"));
                if (!equal && unspeakable.stream().noneMatch(text::contains)) {
                    differences.add(text);
                }
            }
            for (JsonNode decoded : golden.get("decode")) {
                int[] ids = JSON.convertValue(decoded.get("ids"), int[].class);
                if (!tokenizer.decode(ids, true).equals(decoded.get("decode").asText())
                        || !tokenizer.decode(ids, false).equals(decoded.get("decode_skip_special").asText())) {
                    differences.add(decoded.get("ids").toString());
                }
            }
        }
        return differences;
    }

    /** GGUF files cannot say that an added token takes the spaces beside it, or stands only between words. */
    private static List<String> unspeakable(String vocabulary) throws IOException {
        List<String> tokens = new ArrayList<>();
        read(vocabulary, "tokenizer.json").get("added_tokens").forEach(token -> {
            if (token.get("lstrip").asBoolean() || token.get("rstrip").asBoolean() || token.get("single_word").asBoolean()) {
                tokens.add(token.get("content").asText());
            }
        });
        return tokens;
    }

    private static boolean same(int[] ids, JsonNode expected) {
        return JSON.convertValue(ids, JsonNode.class).equals(expected);
    }
}
