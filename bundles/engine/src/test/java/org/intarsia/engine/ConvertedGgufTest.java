package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
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

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"llama, F32", "llama-bf16, BF16", "llama-fp16, F16", "llama-tied, F32"})
    void answersAsTheDirectoryDoes(String fixture, Encoding encoding) {
        Workshop workshop = new Workshop().withAllFamilies();
        Path file = folder.resolve("out.gguf");
        assertThat(Conversion.of(Workshop.FIXTURES.resolve(fixture), file, encoding, (what, bytes, of) -> { }).form())
                .isEqualTo("llama.cpp's own names and metadata, architecture llama");
        try (OpenModel directory = workshop.open(fixture); OpenModel converted = workshop.open(file)) {
            Answer expected = directory.answer(REQUEST);
            Answer answer = converted.answer(REQUEST);
            assertThat(answer.prompt()).isEqualTo(expected.prompt());
            assertThat(answer.ids()).isEqualTo(expected.ids()).hasSizeGreaterThan(8);
        }
    }
}
