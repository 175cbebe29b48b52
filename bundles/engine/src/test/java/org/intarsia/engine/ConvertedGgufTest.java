package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.graph.Encoding;
import org.intarsia.model.api.Text;
import org.intarsia.weights.tool.Conversion;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model directory, and the file that is written of it for llama.cpp, answer alike. */
class ConvertedGgufTest {
    private static final Request REQUEST = new Request(List.of(new Text("The quick brown fox's 3.14 zoë says: don't!\n\n  42")),
            Goal.CONTINUATION, Sampling.GREEDY.withMaxTokens(48));

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"llama, F32", "llama-bf16, BF16", "llama-fp16, F16", "llama-tied, F32"})
    void answersAsTheDirectoryDoes(String fixture, Encoding encoding) {
        assertSame(Workshop.FIXTURES.resolve(fixture), encoding, "llama");
    }

    /** What llama.cpp computes of these families: some fixtures ask for more, and are changed. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "qwen2 | qwen2 | {'use_sliding_window': false}",
        "qwen3 | qwen3 | {}",
        "mistral | llama | {'sliding_window': null}",
        "gemma2 | gemma2 | {'query_pre_attn_scalar': 12}",
        "gemma3 | gemma3 | {'query_pre_attn_scalar': 12, 'layer_types': ['sliding_attention', 'sliding_attention',"
                + " 'sliding_attention', 'sliding_attention'], '_sliding_window_pattern': null}"})
    void soDoOtherFamilies(String fixture, String architecture, String changes) throws IOException {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        // Pairs of bytes, which llama.cpp merges as they are; the merges of the other fixtures give no scores of tokens.
        Path tokenizer = Workshop.FIXTURES.resolve("qwen2");
        try (Stream<Path> files = Files.list(Workshop.FIXTURES.resolve(fixture))) {
            for (Path file : files.filter(path -> !path.getFileName().toString().startsWith("golden")).toList()) {
                String name = file.getFileName().toString();
                Files.copy(name.startsWith("tokenizer") ? tokenizer.resolve(name) : file, copy.resolve(name));
            }
        }
        ObjectNode config = (ObjectNode) JSON.readTree(copy.resolve("config.json").toFile());
        config.setAll((ObjectNode) JSON.readTree(changes.replace('\'', '"')));
        Files.writeString(copy.resolve("config.json"), config.toString());
        assertSame(copy, Encoding.F32, architecture);
    }

    private void assertSame(Path model, Encoding encoding, String architecture) {
        Workshop workshop = new Workshop().withAllFamilies();
        Path file = folder.resolve("out.gguf");
        assertThat(Conversion.of(model, file, encoding, (what, bytes, of) -> { }).form())
                .isEqualTo("llama.cpp's own names and metadata, architecture " + architecture);
        try (OpenModel directory = workshop.open(model); OpenModel converted = workshop.open(file)) {
            Answer expected = directory.answer(REQUEST);
            Answer answer = converted.answer(REQUEST);
            assertThat(answer.prompt()).isEqualTo(expected.prompt());
            assertThat(answer.ids()).isEqualTo(expected.ids()).hasSizeGreaterThan(8);
        }
    }
}
