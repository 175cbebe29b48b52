package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.tokenizer.HuggingFaceTokenizerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vocabularies in the authors' form give the ids that they give in the form of transformers. */
class Emu3TokenizerTest {
    private static final Path QWEN = Path.of("../tokenizer/src/test/resources/tokenizers/bytelevel-qwen");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PICTURE_CODES = 32768;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeWhatTheTokenizerStandsBeside() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"Emu3\"}");
        Path vision = Files.createDirectory(folder.resolve("Emu3-VisionTokenizer"));
        Files.writeString(vision.resolve("config.json"), "{\"model_type\": \"Emu3VisionVQ\"}");
        writeVisionTokens(10);
    }

    private void writeVisionTokens(int codes) throws IOException {
        Files.writeString(folder.resolve("emu3_vision_tokens.txt"), "<|image token|>\n<|image start|>\n<|image end|>\n"
                + IntStream.range(0, codes).mapToObj("<|visual token %06d|>\n"::formatted).collect(Collectors.joining()));
    }

    /** Each line is a token, one after the other. */
    private void write(List<byte[]> tokens) throws IOException {
        List<String> lines = new ArrayList<>();
        for (byte[] token : tokens) {
            lines.add(Base64.getEncoder().encodeToString(token) + " " + lines.size());
        }
        Files.write(folder.resolve("emu3.tiktoken"), lines);
    }

    private Tokenizer open() {
        return new HuggingFaceTokenizerFactory().create(Presented.small(folder));
    }

    @Test
    void givesTheIdsOfTheReference() throws IOException {
        JsonNode reference = JSON.readTree(QWEN.resolve("tokenizer.json").toFile());
        SortedMap<Integer, byte[]> tokens = new TreeMap<>();
        List<Integer> letters = letters();
        reference.path("model").path("vocab").properties().forEach(token -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            token.getKey().chars().forEach(letter -> bytes.write(letters.indexOf(letter)));
            tokens.put(token.getValue().intValue(), bytes.toByteArray());
        });
        write(List.copyOf(tokens.values()));
        int compared = 0;
        try (Tokenizer tokenizer = open()) {
            for (JsonNode golden : JSON.readTree(QWEN.resolve("golden.json").toFile()).path("encode")) {
                String text = golden.path("text").asText();
                // Special tokens differ, and only the authors bring letters and their accents together.
                if (!text.matches("(?s).*<(\\||image>).*") && Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
                    int[] ids = JSON.convertValue(golden.path("ids"), int[].class);
                    assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(ids);
                    assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
                    compared++;
                }
            }
            assertThat(tokenizer.encode("<|endoftext|><|im_start|><|image start|>", true)).containsExactly(396, 397, 605);
            assertThat(tokenizer.encode("e\u0301", true)).isEqualTo(tokenizer.encode("\u00e9", true));
        }
        assertThat(compared).isGreaterThan(60);
    }

    /** The letters that stand for bytes, in the order of the bytes. */
    private static List<Integer> letters() {
        List<Integer> letters = new ArrayList<>();
        int beyond = 0;
        for (int code = 0; code < 256; code++) {
            boolean visible = code > 32 && code < 127 || code > 160 && code != 173;
            letters.add(visible ? code : 256 + beyond++);
        }
        return letters;
    }

    @Test
    void joinsWhatHasTheLowestRank() throws IOException {
        List<byte[]> tokens = bytes();
        for (String token : List.of("bc", "ab", "abc", "xa", "cd", "abcd")) {
            tokens.add(token.getBytes());
        }
        write(tokens);
        try (Tokenizer tokenizer = open()) {
            assertThat(tokenizer.encode("abc", false)).containsExactly(258);
            // First b and c, as 256 is less than 257; then a and bc.
            assertThat(tokenizer.encode("zabc", false)).containsExactly('z', 258);
            assertThat(tokenizer.encode("xabc", false)).containsExactly('x', 258);
            assertThat(tokenizer.encode("zabcd", false)).containsExactly('z', 261);
        }
    }

    private static List<byte[]> bytes() {
        List<byte[]> bytes = new ArrayList<>();
        for (int code = 0; code < 256; code++) {
            bytes.add(new byte[] {(byte) code});
        }
        return bytes;
    }

    /** As many tokens as the published vocabulary has; the numbers are those of the published configuration. */
    @Test
    void specialTokensHaveThePublishedIds() throws IOException {
        List<byte[]> tokens = bytes();
        for (int i = 0; tokens.size() < 151643; i++) {
            tokens.add(i < 1 << 16 ? new byte[] {(byte) (i >> 8), (byte) i}
                    : new byte[] {'#', (byte) (i >> 16), (byte) (i >> 8), (byte) i});
        }
        write(tokens);
        writeVisionTokens(PICTURE_CODES);
        JsonNode map = JSON.readTree(Presented.small(folder).json("config.json").orElseThrow()).path("vocabulary_map");
        assertThat(Stream.of("<|endoftext|>", "<|extra_203|>", "<|extra_204|>", "<|image token|>", "<|image start|>",
                "<|image end|>", "<|extra_200|>", "<|extra_201|>").map(token -> map.path(token).intValue()))
                .containsExactly(151643, 151849, 151850, 151851, 151852, 151853, 151846, 151847);
        assertThat(map.path("<|visual token 032767|>").intValue()).isEqualTo(184622 - 1);
        assertThat(map.path("<image>")).isEqualTo(map.path("<|extra_0|>"));
        assertThat(map).hasSize(208 + 3 + PICTURE_CODES + 1);
    }

    @Test
    void namesTheLineThatIsDamaged() throws IOException {
        assertRefused("IQ== 0\nIg==\n", "line 2 should be a token in Base64 and its rank, below 2");
        assertRefused("IQ== 0\nIg== 2\n", "line 2 should be a token in Base64 and its rank, below 2");
        assertRefused("IQ== 0\n?? 1\n", "line 2 should be a token in Base64 and its rank, below 2");
        assertRefused("IQ== 0\nIg== 0\n", "line 2 gives the rank 0 a second time");
    }

    private void assertRefused(String ranks, String complaint) throws IOException {
        Path file = Files.writeString(folder.resolve("emu3.tiktoken"), ranks);
        assertThatThrownBy(this::open).isInstanceOf(ModelException.class)
                .hasMessage("'" + file + "' is damaged: " + complaint + "; get the file again");
    }
}
