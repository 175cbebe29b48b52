package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.intarsia.families.Emu3Family;
import org.intarsia.families.Qwen25VlFamily;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Families whose published tensors are called otherwise than in the classes of transformers are read under both names. */
class ReferenceLayoutTest {
    @TempDir
    private Path folder;

    static Stream<Arguments> families() {
        return Stream.of(Arguments.of("emu3", new Emu3Family()), Arguments.of("qwen2.5-vl", new Qwen25VlFamily()));
    }

    /** transformers 5 writes these names where it is told not to keep the published ones ({@code save_original_format=False}). */
    @ParameterizedTest
    @MethodSource("families")
    void theNamesOfTheReferencesClassesAreTheSameModel(String name, ModelFamily family) throws IOException {
        Path published = Workshop.FIXTURES.resolve(name);
        List<Tensor> renamed;
        try (Presented model = Presented.open(published)) {
            Weights weights = model.weights();
            renamed = weights.names().stream().map(weights::get).map(tensor -> tensor.copy().named(family.referenceName(tensor.name())))
                    .toList();
            assertThat(renamed.stream().map(Tensor::name)).filteredOn(called -> !called.startsWith("lm_head."))
                    .isNotEmpty().noneMatch(weights.names()::contains);
        }
        for (String file : List.of("config.json", "tokenizer.json", "preprocessor_config.json")) {
            Files.copy(published.resolve(file), folder.resolve(file));
        }
        Safetensors.write(folder.resolve("model.safetensors"), renamed, Map.of());
        Layouts.assertSameModel(family.name(), folder, published);
    }
}
