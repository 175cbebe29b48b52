package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.engine.api.Inspector.Fit;
import org.intarsia.engine.api.Inspector.Part;
import org.intarsia.model.api.ModelException;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said about models before they run. */
class InspectorServiceTest {
    private final Workshop workshop = new Workshop().withAllFamilies();
    private final InspectorService inspector = new InspectorService(workshop.registry);

    @TempDir
    Path folder;

    @Test
    void namesTheFactoryForEachPlace() {
        Fit fit = inspector.fit(Workshop.FIXTURES.resolve("chameleon-7b"));
        assertThat(fit.family()).isEqualTo("chameleon");
        assertThat(fit.parts()).hasSize(4).allSatisfy(part -> assertThat(part.missing()).as(part.kind()).isEmpty());
        assertThat(part(fit, "tokenizer").factory()).contains("huggingface");
        assertThat(part(fit, "tokenizer").bundle()).contains("bundle5");
    }

    @Test
    void namesAllThatIsMissing() throws IOException {
        Path source = Workshop.FIXTURES.resolve("chameleon-7b");
        try (Weights weights = Checkpoint.open(source)) {
            List<Tensor> rest = weights.names().stream().filter(name -> !name.contains("layers.1.mlp") && !name.contains("decoder"))
                    .map(weights::get).toList();
            Safetensors.write(folder.resolve(Checkpoint.SINGLE), rest, Map.of());
        }
        for (String name : List.of("config.json", "preprocessor_config.json")) {
            Files.copy(source.resolve(name), folder.resolve(name));
        }
        Fit fit = inspector.fit(folder);
        assertThat(part(fit, "tokenizer").missing()).containsExactly("huggingface: the model has no tokenizer.json");
        assertThat(part(fit, "transformer core").factory()).isEmpty();
        assertThat(part(fit, "transformer core").missing()).anySatisfy(sentence -> assertThat(sentence)
                .contains("3 missing: model.layers.1.mlp.down_proj.weight, model.layers.1.mlp.gate_proj.weight,"
                        + " model.layers.1.mlp.up_proj.weight"));
        assertThat(part(fit, "image decoder").missing()).isNotEmpty();
        assertThat(part(fit, "vision encoder").factory()).isPresent();
    }

    @Test
    void looksIntoGgufFilesToo() {
        Fit fit = inspector.fit(Path.of("../weights/src/test/resources/gguf/llama.gguf"));
        assertThat(fit.family()).isEqualTo("llama");
        assertThat(part(fit, "tokenizer").factory()).isEqualTo(Optional.of("huggingface"));
        assertThat(part(fit, "vision encoder").missing()).isNotEmpty();
        assertThatThrownBy(() -> inspector.fit(folder)).isInstanceOf(ModelException.class).hasMessageContaining("config.json");
    }

    private static Part part(Fit fit, String kind) {
        return fit.parts().stream().filter(part -> part.kind().equals(kind)).findFirst().orElseThrow();
    }
}
