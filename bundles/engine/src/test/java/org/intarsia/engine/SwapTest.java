package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Missing;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.files.OpenedFiles;
import org.intarsia.engine.measure.Recorder;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.registry.Settings;
import org.intarsia.image.decoder.ChameleonDecoderFactory;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.intarsia.tokenizer.HuggingFaceTokenizerFactory;
import org.intarsia.transformer.core.ChameleonCoreFactory;
import org.intarsia.transformer.core.LlamaCoreFactory;
import org.junit.jupiter.api.Test;

/** Services leave and come back while a model is open, and even while it runs. */
class SwapTest {
    private static final Request PICTURE = new Request(List.of(new Text("a fox")), Goal.PICTURE,
            Sampling.builder().temperature(1).guidance(2, 1).seed(5).maxTokens(1).build());

    private final Workshop workshop = new Workshop();

    @Test
    void withoutAnImageDecoderThereIsOneSentenceAndWithOneItGoesOn() {
        try (OpenModel model = workshop.open("chameleon-7b")) {
            Answer before = model.answer(PICTURE);
            workshop.registry.removeImageDecoder(workshop.decoder);
            assertThat(model.makes(Goal.PICTURE)).isTrue();
            assertThat(model.makes(Goal.INTERLEAVED)).isTrue();
            assertThatThrownBy(() -> model.answer(PICTURE)).isInstanceOf(ModelException.class).isInstanceOf(Missing.class)
                    .hasMessage("no image decoder can serve model chameleon-7b, since the image decoder of bundle"
                            + " bundle4 has left and has not come back: start or install the bundle org.intarsia.image.decoder");
            workshop.registry.addImageDecoder(new ChameleonDecoderFactory(), Workshop.properties(9));
            assertThat(model.answer(PICTURE)).usingRecursiveComparison().ignoringFields("origin").isEqualTo(before);
        }
    }

    /** A model that nothing here can serve is refused; one that lacks a component may be asked again later. */
    @Test
    void aComponentThatNeverWasThereIsMissingAndOneThatRefusesTheModelIsNot() {
        Registry empty = new Registry(id -> "bundle" + id, "0.1.0", new Settings(Duration.ZERO, Duration.ZERO, Workshop.LIMITS));
        try (OpenModel model = ModelModule.compose("chameleon-7b", Placement.ANYWHERE,
                OpenedFiles.open(Workshop.FIXTURES.resolve("chameleon-7b")), empty, new Recorder())) {
            assertThatThrownBy(() -> model.makes(Goal.PICTURE)).isInstanceOf(Missing.class)
                    .hasMessage("no family takes model chameleon-7b: start or install the bundle org.intarsia.families");
            empty.addFamily(workshop.family, Workshop.properties(13));
            assertThatThrownBy(() -> model.makes(Goal.PICTURE)).isInstanceOf(Missing.class)
                    .hasMessage("no transformer core can serve model chameleon-7b: start or install the bundle"
                            + " org.intarsia.transformer.core");
            empty.addTransformerCore(workshop.core, Workshop.properties(2));
            assertThat(model.makes(Goal.PICTURE)).isFalse();
            assertThatThrownBy(model::grid).isInstanceOf(Missing.class).hasMessageEndingWith("org.intarsia.image.decoder");
        }
        Registry other = new Registry(id -> "bundle" + id, "0.1.0", new Settings(Duration.ZERO, Duration.ZERO, Workshop.LIMITS));
        other.addFamily(workshop.family, Workshop.properties(13));
        other.addTransformerCore(new LlamaCoreFactory(), Workshop.properties(2));
        try (OpenModel model = ModelModule.compose("chameleon-7b", Placement.ANYWHERE,
                OpenedFiles.open(Workshop.FIXTURES.resolve("chameleon-7b")), other, new Recorder())) {
            assertThatThrownBy(() -> model.makes(Goal.PICTURE)).isInstanceOf(ModelException.class).isNotInstanceOf(Missing.class);
        }
    }

    @Test
    void textNeedsNoImageDecoder() {
        try (OpenModel model = workshop.open("chameleon-7b")) {
            workshop.registry.removeImageDecoder(workshop.decoder);
            workshop.registry.removeVisionEncoder(workshop.encoder);
            assertThat(model.answer(new Request(List.of(new Text("a fox")), Goal.CONTINUATION,
                    Sampling.GREEDY.withMaxTokens(3))).ids()).isNotEmpty();
        }
    }

    @Test
    void withoutATokenizerThereIsOneSentence() {
        try (OpenModel model = workshop.open("chameleon-7b")) {
            workshop.registry.removeTokenizer(workshop.tokenizer);
            assertThatThrownBy(() -> model.answer(PICTURE)).hasMessage("no tokenizer can serve model chameleon-7b, since"
                    + " the tokenizer of bundle bundle5 has left and has not come back: start or install the bundle"
                    + " org.intarsia.tokenizer");
            workshop.registry.addTokenizer(new HuggingFaceTokenizerFactory(), Workshop.properties(9));
            assertThat(model.answer(PICTURE).images()).hasSize(1);
        }
    }

    @Test
    void withoutABackendThereIsOneSentence() {
        try (OpenModel model = workshop.open("chameleon-7b")) {
            workshop.registry.removeBackend(workshop.backend);
            assertThatThrownBy(() -> model.answer(PICTURE)).isInstanceOf(BackendException.class)
                    .hasMessage("there is no backend to compute with, since backend cpu of bundle bundle1 has left and has"
                            + " not come back: start or install the bundle org.intarsia.backend.cpu");
        }
    }

    /** The token stream is the only state: what takes over reads it again. */
    @Test
    void aRunningGenerationSurvivesTheSwapOfBackendAndCore() {
        try (OpenModel model = workshop.open("chameleon-7b")) {
            Answer undisturbed = model.answer(PICTURE);
            Answer swapped = model.prepare(List.of(PICTURE), event -> {
                if (event instanceof Event.PictureProgress progress && progress.codes() == 20) {
                    workshop.registry.removeBackend(workshop.backend);
                    workshop.registry.addBackend(new CpuBackend(), Workshop.properties(9));
                }
                if (event instanceof Event.PictureProgress progress && progress.codes() == 40) {
                    workshop.registry.removeTransformerCore(workshop.core);
                    workshop.registry.addTransformerCore(new ChameleonCoreFactory(), Workshop.properties(10));
                }
            }).run().getFirst();
            assertThat(swapped).usingRecursiveComparison().ignoringFields("origin").isEqualTo(undisturbed);
            assertThat(swapped.origin().devices()).containsExactly("cpu/cpu bundle1", "cpu/cpu bundle9");
            // It keeps the core that it began with; the next one takes the new one.
            assertThat(swapped.origin().components()).containsEntry("transformer core", "bundle2");
            assertThat(model.answer(PICTURE).origin().components()).containsEntry("transformer core", "bundle10");
        }
    }

    @Test
    void theDeviceThatHasSeenAPictureIsNamedThoughAnotherMakesAllTokens() {
        try (OpenModel model = workshop.open("chameleon-7b")) {
            Request question = new Request(List.of(model.answer(PICTURE).images().getFirst(), new Text("a fox")), Goal.ANSWER,
                    Sampling.GREEDY.withMaxTokens(3));
            Answer answer = model.prepare(List.of(question), event -> {
                if (event instanceof Event.Reading reading && reading.done() == 0) {
                    workshop.registry.removeBackend(workshop.backend);
                    workshop.registry.addBackend(new CpuBackend(), Workshop.properties(9));
                }
            }).run().getFirst();
            assertThat(answer.origin().devices()).containsExactly("cpu/cpu bundle1", "cpu/cpu bundle9");
        }
    }

    @Test
    void aGenerationMovesToThePreferredBackendAndBack() {
        FragileBackend other = new FragileBackend(Integer.MAX_VALUE);
        workshop.registry.addBackend(other, Workshop.properties(9));
        try (OpenModel model = workshop.open("chameleon-7b")) {
            Answer undisturbed = model.answer(PICTURE);
            Answer moved = model.prepare(List.of(PICTURE), event -> {
                if (event instanceof Event.PictureProgress progress && progress.codes() % 10 == 0) {
                    workshop.registry.alone(() -> {
                        workshop.registry.prefer(progress.codes() == 20 ? "fragile" : "cpu");
                        model.move();
                    });
                    assertThat(model.uses(other)).isFalse();
                }
            }).run().getFirst();
            assertThat(moved).usingRecursiveComparison().ignoringFields("origin").isEqualTo(undisturbed);
            assertThat(moved.origin().devices()).containsExactly("cpu/cpu bundle1", "fragile/cpu bundle9");
            assertThat(other.opened).isOne();
            // Two rows, of which guidance is made: nothing was read again.
            assertThat(other.steps).hasSizeBetween(5, 15).allMatch(tokens -> tokens == 2);
        }
    }

    @Test
    void aBackendThatIsNotThereIsNotPreferred() {
        assertThatThrownBy(() -> workshop.registry.prefer("abacus")).isInstanceOf(BackendException.class)
                .hasMessage("there is no backend abacus (installed: cpu): name one of these, or start or install a"
                        + " bundle that provides it");
        assertThatThrownBy(() -> workshop.registry.prefer("vulkan")).isInstanceOf(BackendException.class)
                .hasMessage("there is no backend vulkan (installed: cpu): start or install the bundle"
                        + " org.intarsia.backend.vulkan");
    }

    @Test
    void aGenerationWhoseBackendLeavesForGoodEndsInOneSentence() {
        try (OpenModel model = workshop.open("chameleon-7b")) {
            assertThatThrownBy(() -> model.prepare(List.of(PICTURE), event -> {
                if (event instanceof Event.PictureProgress progress && progress.codes() == 20) {
                    workshop.registry.removeBackend(workshop.backend);
                }
            }).run()).isInstanceOf(BackendException.class).hasMessageStartingWith("there is no backend");
        }
    }

    /** The parts leave in the midst of a picture, and others come a moment later. */
    @Test
    void aGenerationWaitsForReplacements() throws Exception {
        Workshop patient = new Workshop(Duration.ofSeconds(60), Duration.ZERO);
        try (OpenModel model = patient.open("chameleon-7b")) {
            Answer undisturbed = model.answer(PICTURE);
            Answer swapped = model.prepare(List.of(PICTURE), event -> {
                if (event instanceof Event.PictureProgress progress && progress.codes() == 20) {
                    patient.registry.removeBackend(patient.backend);
                    later(() -> patient.registry.addBackend(new CpuBackend(), Workshop.properties(9)));
                }
                if (event instanceof Event.PictureProgress progress && progress.codes() == 40) {
                    patient.registry.removeTransformerCore(patient.core);
                    patient.registry.removeImageDecoder(patient.decoder);
                    later(() -> {
                        patient.registry.addImageDecoder(new ChameleonDecoderFactory(), Workshop.properties(11));
                        patient.registry.addTransformerCore(new ChameleonCoreFactory(), Workshop.properties(10));
                    });
                }
            }).run().getFirst();
            assertThat(swapped).usingRecursiveComparison().ignoringFields("origin").isEqualTo(undisturbed);
        }
    }

    /** The first cannot tell how far it has come when the decoder is gone, and the others must not miss their token. */
    @Test
    void requestsThatRunTogetherWaitTogether() {
        Workshop patient = new Workshop(Duration.ofSeconds(60), Duration.ZERO);
        try (OpenModel model = patient.open("chameleon-7b")) {
            Answer undisturbed = model.answer(PICTURE);
            List<Answer> swapped = model.prepare(List.of(PICTURE, PICTURE), event -> {
                if (event instanceof Event.PictureProgress progress && progress.request() == 0 && progress.codes() == 40) {
                    patient.registry.removeImageDecoder(patient.decoder);
                    later(() -> patient.registry.addImageDecoder(new ChameleonDecoderFactory(), Workshop.properties(11)));
                }
            }).run();
            assertThat(swapped).usingRecursiveFieldByFieldElementComparatorIgnoringFields("origin")
                    .containsExactly(undisturbed, undisturbed);
        }
    }

    /** A bundle has factories for several families, and those that cannot serve the model may come back first. */
    @Test
    void aGenerationWaitsForTheFactoryThatCanServeIt() {
        Workshop patient = new Workshop(Duration.ofSeconds(60), Duration.ZERO);
        try (OpenModel model = patient.open("chameleon-7b")) {
            Answer undisturbed = model.answer(PICTURE);
            Answer swapped = model.prepare(List.of(PICTURE), event -> {
                if (event instanceof Event.PictureProgress progress && progress.codes() == 40) {
                    patient.registry.removeTransformerCore(patient.core);
                    patient.registry.addTransformerCore(new LlamaCoreFactory(), Workshop.properties(9));
                    later(() -> patient.registry.addTransformerCore(new ChameleonCoreFactory(), Workshop.properties(10)));
                }
            }).run().getFirst();
            assertThat(swapped).usingRecursiveComparison().ignoringFields("origin").isEqualTo(undisturbed);
        }
    }

    @Test
    void whoWaitsCanBeCancelled() throws Exception {
        Workshop patient = new Workshop(Duration.ofSeconds(600), Duration.ZERO);
        try (OpenModel model = patient.open("chameleon-7b")) {
            Generation generation = model.prepare(List.of(PICTURE), event -> {
                if (event instanceof Event.PictureProgress progress && progress.codes() == 20) {
                    patient.registry.removeBackend(patient.backend);
                }
            }).start();
            later(generation::cancel);
            assertThat(generation.await().getFirst().outcome()).isEqualTo(Answer.Outcome.CANCELLED);
        }
    }

    @Test
    void whatNeverWasThereIsNotWaitedFor() {
        Workshop patient = new Workshop(Duration.ofSeconds(600), Duration.ZERO);
        try (OpenModel model = ModelModule.compose("chameleon-7b", Placement.on(Optional.of("abacus")),
                OpenedFiles.open(Workshop.FIXTURES.resolve("chameleon-7b")), patient.registry, patient.recorder)) {
            assertThatThrownBy(() -> model.answer(PICTURE)).hasMessageStartingWith("there is no backend abacus");
        }
    }

    private static void later(Runnable work) {
        CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(work);
    }

    @Test
    void generationsThatRunAtOnceDoNotDisturbEachOther() throws InterruptedException {
        try (OpenModel model = workshop.open("chameleon-7b")) {
            Answer alone = model.answer(PICTURE);
            List<Generation> generations = Stream.generate(() -> model.prepare(List.of(PICTURE), event -> { }).start())
                    .limit(3).toList();
            for (Generation generation : generations) {
                assertThat(generation.await()).containsExactly(alone);
            }
        }
    }

    @Test
    void aClosedModelSaysSo() {
        OpenModel model = workshop.open("chameleon-7b");
        model.close();
        model.close();
        assertThatThrownBy(() -> model.answer(PICTURE)).hasMessage("model chameleon-7b has been closed; open it again");
    }
}
