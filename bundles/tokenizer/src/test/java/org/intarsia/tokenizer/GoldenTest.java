package org.intarsia.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.intarsia.model.api.Tokenizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal ids and equal texts, case by case, with what the reference implementation gave. */
class GoldenTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"bytelevel-deepseek", "bytelevel-digits", "bytelevel-gpt2", "bytelevel-llama3",
            "bytelevel-qwen", "metaspace-llama2", "metaspace-pretok"})
    void pretokenizersAndModels(String name) throws IOException {
        JsonNode golden = JSON.readTree(resource("tokenizers/" + name + "/golden.json").toFile());
        try (Tokenizer tokenizer = TokenizerJson.open(resource("tokenizers/" + name + "/tokenizer.json"))) {
            assertThat(tokenizer.size()).isEqualTo(golden.get("vocab_size").asInt());
            assertThat(golden.get("encode")).isNotEmpty().allSatisfy(example -> {
                String text = example.get("text").asText();
                int[] ids = ints(example.get("ids"));
                int[] plain = ints(example.get("ids_no_special"));
                assertThat(tokenizer.encode(text, true)).as(text).containsExactly(ids);
                assertThat(tokenizer.encode(text, false)).as(text).containsExactly(plain);
                assertThat(tokenizer.decode(plain, true)).isEqualTo(example.get("decode").asText());
                assertThat(tokenizer.decode(plain, false)).isEqualTo(example.get("decode_skip_special").asText());
                // Some added tokens take the spaces beside them along; the vocabulary spells them without.
                assertThat(Arrays.stream(plain).mapToObj(id -> tokenizer.token(id).strip()).toList())
                        .isEqualTo(texts(example.get("tokens")));
            });
            assertThat(golden.get("decode")).isNotEmpty().allSatisfy(example -> {
                int[] ids = ints(example.get("ids"));
                assertThat(tokenizer.decode(ids, true)).isEqualTo(example.get("decode").asText());
                assertThat(tokenizer.decode(ids, false)).isEqualTo(example.get("decode_skip_special").asText());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b", "llama", "llama-tied", "janus", "emu3"})
    void checkpoints(String name) throws IOException {
        JsonNode golden = JSON.readTree(resource("checkpoints/golden.json").toFile()).get(name);
        try (Tokenizer tokenizer = TokenizerJson.open(resource("checkpoints/" + name + ".json"))) {
            assertThat(golden.get("encode")).allSatisfy(example ->
                    assertThat(tokenizer.encode(example.get("text").asText(), true)).containsExactly(ints(example.get("ids"))));
            assertThat(golden.get("decode")).isNotEmpty().allSatisfy(example ->
                    assertThat(tokenizer.decode(ints(example.get("ids")), true)).isEqualTo(example.get("text").asText()));
            for (int id = 0; id < tokenizer.size(); id++) {
                String token = tokenizer.token(id);
                if (!token.isEmpty()) {
                    assertThat(tokenizer.id(token)).hasValue(id);
                }
            }
        }
    }

    /** The bytes of the tokens of a text make the text, also where a character takes several tokens. */
    @ParameterizedTest
    @ValueSource(strings = {"bytelevel-deepseek", "bytelevel-digits", "bytelevel-gpt2", "bytelevel-llama3",
            "bytelevel-qwen", "metaspace-llama2", "metaspace-pretok"})
    void bytesOfTokensMakeTheText(String name) {
        try (Tokenizer tokenizer = TokenizerJson.open(resource("tokenizers/" + name + "/tokenizer.json"))) {
            String text = "\uD83D\uDC4D\u2764\uFE0F\u00E4\u9F98";
            int[] ids = tokenizer.encode(text, false);
            assertThat(Arrays.stream(ids).mapToObj(id -> tokenizer.decode(new int[] {id}, true))).anyMatch(part -> part.contains("\uFFFD"));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Arrays.stream(ids).mapToObj(tokenizer::bytes).forEach(bytes::writeBytes);
            assertThat(bytes.toString(StandardCharsets.UTF_8).strip()).isEqualTo(text);
        }
    }

    /** Byte-level BPE with Qwen's pattern, and BPE of SentencePiece with bytes as Mistral and Gemma have it in their files. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "mistral", "gemma2"})
    void textFamilies(String name) throws IOException {
        JsonNode golden = JSON.readTree(resource("checkpoints/text-families.json").toFile()).get(name);
        Path file = Path.of("../transformer.core/src/test/resources/fixtures", name, "tokenizer.json");
        try (Tokenizer tokenizer = TokenizerJson.open(file)) {
            assertThat(golden.get("encode")).hasSizeGreaterThan(12).allSatisfy(example -> assertThat(
                    tokenizer.encode(example.get("text").asText(), true)).as(example.get("text").asText())
                    .containsExactly(ints(example.get("ids"))));
            assertThat(golden.get("decode")).hasSizeGreaterThan(12).allSatisfy(example ->
                    assertThat(tokenizer.decode(ints(example.get("ids")), true)).isEqualTo(example.get("text").asText()));
        }
    }

    static Path resource(String name) {
        try {
            return Path.of(GoldenTest.class.getResource("/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(token -> token.asText().strip()).toList();
    }
}
