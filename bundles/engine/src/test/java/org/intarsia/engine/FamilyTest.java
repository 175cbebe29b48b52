package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Missing;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.registry.Registry;
import org.intarsia.families.ChameleonFamily;
import org.intarsia.families.LlamaFamily;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;

/** Families come and go while models are open. */
class FamilyTest {
    private static final Request ASKED = new Request(List.of(new Text("a red star")), Goal.CONTINUATION,
            Sampling.GREEDY.withMaxTokens(8));

    private final Workshop workshop = new Workshop();

    @Test
    void withoutItNewGenerationsAreToldWhatWouldHelp() {
        try (OpenModel model = workshop.open("chameleon-7b")) {
            Answer before = model.answer(ASKED);
            workshop.registry.removeFamily(workshop.family);
            assertThatThrownBy(() -> model.answer(ASKED)).hasMessage("no family takes model chameleon-7b, since the model"
                    + " family chameleon of bundle bundle13 has left and has not come back: start or install that bundle");
            workshop.registry.addFamily(new ChameleonFamily(), Workshop.properties(20));
            assertThat(model.answer(ASKED)).isEqualTo(before);
        }
    }

    /** That of another one that has left is no reason to wait. */
    @Test
    void aModelOfNoFamilyIsRefusedThoughAnotherHasLeft() {
        workshop.registry.removeFamily(workshop.family);
        assertThatThrownBy(() -> workshop.open(GgufModelTest.GGUF.resolve("types.gguf"))).isNotInstanceOf(Missing.class)
                .hasMessageContaining("its architecture is 'test', and there are emu3,");
    }

    @Test
    void aRequestWaitsForIt() {
        Workshop patient = new Workshop(Duration.ofSeconds(60), Duration.ofSeconds(600));
        try (OpenModel model = patient.open("chameleon-7b")) {
            Answer before = model.answer(ASKED);
            patient.registry.removeFamily(patient.family);
            CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> model.answer(ASKED));
            assertThat(waiting).isNotDone();
            patient.registry.addFamily(new ChameleonFamily(), Workshop.properties(20));
            assertThat(waiting.join()).isEqualTo(before);
        }
    }

    /** Of a GGUF file each presentation renames the tensors anew. */
    @Test
    void theWeightsOfOneThatHasLeftDoNotStayOnTheDevice() {
        workshop.withAllFamilies();
        try (OpenModel model = workshop.open(GgufModelTest.GGUF.resolve("llama.gguf"))) {
            Answer before = model.answer(ASKED);
            Map<String, Long> memory = model.memory();
            for (int id = 20; id < 23; id++) {
                workshop.registry.families().stream().map(Registry.Offer::service).filter(family -> family.name().equals("llama"))
                        .forEach(workshop.registry::removeFamily);
                workshop.registry.addFamily(new LlamaFamily(), Workshop.properties(id));
                assertThat(model.answer(ASKED)).isEqualTo(before);
                assertThat(model.memory()).isEqualTo(memory);
            }
        }
    }

    /** What is known of one family stands in its bundle alone. */
    @Test
    void engineAndPlannerAndTrainingNameNone() throws IOException {
        List<String> names = List.of("chameleon", "janus", "emu3", "llama", "multi_modality", "anole", "qwen", "mistral", "gemma",
                "liquid");
        for (String sources : List.of("../engine/src/main", "../planning/src/main/java", "../training/src/main/java")) {
            try (Stream<Path> files = Files.walk(Path.of(sources))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    String text = Files.readString(file).toLowerCase(Locale.ROOT)
                            // The shapes in the box are named after published models.
                            .replaceAll("(chameleon|janus)-[\\w-]*\\d+b", "").replaceAll("llama\\.cpp|llama \\d|llama of that size", "");
                    boolean documents = file.endsWith("package-info.java");
                    names.stream().filter(name -> !documents)
                            .forEach(name -> assertThat(text).as(file.toString()).doesNotContain(name));
                }
            }
        }
    }
}
