package org.intarsia.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerJsonTest {
    private static final Path GPT2 = GoldenTest.resource("tokenizers/bytelevel-gpt2/tokenizer.json");

    @TempDir
    Path folder;

    private final HuggingFaceTokenizerFactory factory = new HuggingFaceTokenizerFactory();

    @Test
    void servesModelsThatBringTheirTokenizer() throws IOException {
        ModelFiles files = new Directory(folder);
        assertThat(factory.name()).isEqualTo("huggingface");
        assertThat(factory.refuses(files)).hasValue("the model has no tokenizer.json");
        assertThatThrownBy(() -> factory.create(files)).isInstanceOf(ModelException.class)
                .hasMessage("the model directory '" + folder + "' has no tokenizer.json; copy it there from where the"
                        + " weights come from");
        Files.copy(GPT2, folder.resolve("tokenizer.json"));
        assertThat(factory.refuses(files)).isEmpty();
        try (Tokenizer tokenizer = factory.create(files)) {
            assertThat(tokenizer.id("<image>")).isPresent();
            assertThat(tokenizer.token(tokenizer.id("<image>").orElseThrow())).isEqualTo("<image>");
            assertThat(tokenizer.id("no such token")).isEmpty();
            assertThat(tokenizer.token(-1)).isEmpty();
            assertThat(tokenizer.token(tokenizer.size())).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''              | EOF while parsing a value at line 1 column 0
            no tokenizer    | Unrecognized token 'no': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')
            {"version":     | Unexpected end-of-input within/between Object entries
            []              | invalid type: sequence, expected struct Tokenizer at line 1 column 2
            {"version":"1.0"} | Model missing. at line 1 column 17
            """)
    void aBrokenFileGivesOneSentence(String content, String reason) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), content);
        assertThatThrownBy(() -> TokenizerJson.open(file)).isInstanceOf(ModelException.class)
                .hasMessage("'" + file + "' does not describe a tokenizer (" + reason
                        + "); copy it again from where the weights come from");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "pre_tokenizer | {\"type\": \"WordSplit\", \"size\": 3} | WordSplit",
        "pre_tokenizer | {\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Digits\"}, {\"type\": \"WordSplit\"}]} | WordSplit",
        "normalizer | {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFQ\"}]} | NFQ",
        "decoder | {\"type\": \"Emoji\"} | Emoji",
        "post_processor | {\"type\": \"Sequence\", \"processors\": [{\"type\": \"Frame\"}]} | Frame",
        "model | {\"type\": \"SuperBPE\", \"vocab\": {\"type\": 0}, \"merges\": []} | SuperBPE"})
    void aPartOfATypeThatTheLibraryLacksIsNamed(String field, String part, String type) throws IOException {
        String json = Files.readString(GPT2);
        Path file = Files.writeString(folder.resolve("tokenizer.json"), json.replaceFirst("\\{", "{\"" + field + "\": " + part + ","));
        assertThatThrownBy(() -> TokenizerJson.open(file)).isInstanceOf(ModelException.class)
                .hasMessageStartingWith("'" + file + "' cannot be used: its " + field + " has the type " + type + ", and there are ")
                .hasMessageEndingWith("; take a checkpoint whose tokenizer is made of these");
    }

    @Test
    void anUnreadableFileGivesOneSentence() throws IOException {
        Path missing = folder.resolve("missing.json");
        assertThatThrownBy(() -> TokenizerJson.open(missing)).isInstanceOf(ModelException.class)
                .hasMessage("there is no file '" + missing + "'");
        Path binary = Files.write(folder.resolve("tokenizer.json"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThatThrownBy(() -> TokenizerJson.open(binary)).isInstanceOf(ModelException.class)
                .hasMessageContaining("(it is not UTF-8 text)");
    }

    @Test
    void aTemplateWithATokenThatItDoesNotDefineNeverReachesTheNativeLibrary() throws IOException {
        Path llama = GoldenTest.resource("tokenizers/bytelevel-llama3/tokenizer.json");
        Path file = folder.resolve("tokenizer.json");
        String good = Files.readString(llama);
        String broken = good.replaceFirst("(\"SpecialToken\"\\s*:\\s*\\{\\s*\"id\"\\s*:\\s*)\"[^\"]*\"", "$1\"lost\"");
        assertThat(broken).isNotEqualTo(good);
        Files.writeString(file, broken);
        assertThatThrownBy(() -> TokenizerJson.open(file)).isInstanceOf(ModelException.class).hasMessage("'" + file
                + "' does not describe a tokenizer (its template uses lost, which its special_tokens lack);"
                + " copy it again from where the weights come from");
    }

    @Test
    void aTemplateBehindAnotherNeverReachesTheNativeLibrary() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        String template = """
                {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}], "pair": [], "special_tokens": {}}""";
        Files.writeString(file, "{\"post_processor\": {\"type\": \"Sequence\", \"processors\": [" + template + ", " + template + "]}}");
        assertThatThrownBy(() -> TokenizerJson.open(file)).isInstanceOf(ModelException.class).hasMessageContaining(
                "(it has a template behind another, which the library cannot use)");
    }

    @Test
    void mergesWithoutTheirPrefixNeverReachTheNativeLibrary() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, """
                {"added_tokens": [], "model": {"type": "BPE", "continuing_subword_prefix": "##", "vocab": {"a": 0, "b": 1},
                 "merges": ["a b"]}}""");
        assertThatThrownBy(() -> TokenizerJson.open(file)).isInstanceOf(ModelException.class).hasMessage("'" + file
                + "' does not describe a tokenizer (its merge to 'b' lacks the continuing_subword_prefix '##');"
                + " copy it again from where the weights come from");
    }

    @Test
    void keepsEveryIdWhateverTheFileSaysAboutTruncationAndPadding() throws IOException {
        String limits = "{\"truncation\":{\"direction\":\"Right\",\"max_length\":4,\"strategy\":\"LongestFirst\",\"stride\":0},"
                + "\"padding\":{\"strategy\":{\"Fixed\":64},\"direction\":\"Right\",\"pad_to_multiple_of\":null,"
                + "\"pad_id\":1,\"pad_type_id\":0,\"pad_token\":\"<pad>\"},";
        String json = Files.readString(GPT2).replaceFirst("\"truncation\":\\s*null,", "")
                .replaceFirst("\"padding\":\\s*null,", "").replaceFirst("\\{", limits);
        Path file = Files.writeString(folder.resolve("tokenizer.json"), json);
        String text = "words ".repeat(2000);
        try (Tokenizer limited = TokenizerJson.open(file); Tokenizer tokenizer = TokenizerJson.open(GPT2)) {
            int[] ids = tokenizer.encode(text, true);
            assertThat(ids).hasSizeGreaterThan(2000);
            assertThat(limited.encode(text, true)).isEqualTo(ids);
            assertThat(limited.encode("a", true)).isEqualTo(tokenizer.encode("a", true));
        }
    }

    @Test
    void broughtToItsLimits() {
        try (Tokenizer tokenizer = TokenizerJson.open(GPT2)) {
            String strange = "zero \0, pair \ud83d\ude00, half \ud83d and \ude00.";
            assertThat(tokenizer.decode(tokenizer.encode(strange, false), true))
                    .isEqualTo("zero \0, pair \ud83d\ude00, half \ufffd and \ufffd.");
            assertThat(tokenizer.decode(new int[] {-1, 1_000_000}, true)).isEmpty();
            assertThat(tokenizer.decode(new int[0], true)).isEmpty();
            assertThatThrownBy(() -> tokenizer.encode(null, true)).isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void closingIsSafeWhileOthersAreAtWork() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Tokenizer tokenizer = TokenizerJson.open(GPT2);
            int[] expected = tokenizer.encode("the same text", true);
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(() -> {
                    while (true) {
                        assertThat(tokenizer.encode("the same text", true)).isEqualTo(expected);
                    }
                }));
            }
            Thread.sleep(100);
            tokenizer.close();
            tokenizer.close();
            for (Future<?> result : results) {
                assertThatThrownBy(result::get).hasCauseInstanceOf(ModelException.class)
                        .hasMessageContaining("the tokenizer of '" + GPT2 + "' is closed already");
            }
        }
    }

    /** A model of which only the directory matters. */
    private record Directory(Path directory) implements ModelFiles {
        @Override
        public String family() {
            return "chameleon";
        }

        @Override
        public Optional<String> json(String fileName) {
            return Optional.empty();
        }

        @Override
        public Weights weights() {
            return Weights.of(List.of());
        }
    }
}
