package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.intarsia.backend.api.BackendException;
import org.intarsia.engine.OtherHosts.OtherHost;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageHosts;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.engine.stages.StageStep;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers of a model on other hosts, here engines in one process: the same answers, also when hosts are lost and come back. */
class HostSpreadTest {
    private static final Placement OVER_ALL = Placement.ANYWHERE.over(List.of(StageHosts.ALL));
    private static final Path CHAMELEON = Workshop.FIXTURES.resolve("chameleon-7b");
    private static final Request PICTURE = new Request(List.of(new Text("a fox")), Goal.PICTURE,
            Sampling.builder().temperature(1).guidance(2, 1).seed(5).maxTokens(1).build(), 0);

    private final Workshop workshop = new Workshop().withAllFamilies();
    private final OtherHosts others = new OtherHosts();

    HostSpreadTest() {
        workshop.registry.addStageHosts(others);
    }

    private static Request text(String prompt) {
        return new Request(List.of(new Text(prompt)), Goal.CONTINUATION, Sampling.builder().temperature(0).maxTokens(12).build(), 0);
    }

    private Answer alone(Path directory, Request request) {
        try (OpenModel model = workshop.open(directory)) {
            return model.answer(request);
        }
    }

    private static void assertSame(Answer actual, Answer expected) {
        assertThat(actual).usingRecursiveComparison().ignoringFields("origin").isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"chameleon-30b, 1", "chameleon-30b, 3", "janus, 1", "emu3, 1", "llama-bf16, 2", "llama-tied, 1", "mistral, 3",
            "gemma2, 2", "gemma3, 3", "qwen2, 3", "qwen3, 3", "qwen2.5-vl, 2"})
    void textHasTheTokensOfOneHost(String fixture, int count) {
        Path directory = Workshop.FIXTURES.resolve(fixture);
        for (int i = 0; i < count; i++) {
            others.add(directory);
        }
        try (OpenModel model = workshop.open(directory, OVER_ALL)) {
            assertSame(model.answer(text("a fox and a dog")), alone(directory, text("a fox and a dog")));
        }
        assertThat(others.hosts).allSatisfy(host -> {
            assertThat(host.steps).isPositive();
            assertThat(host.opened).hasSize(1);
            assertThat(host.open).isZero();
        });
    }

    /** A long prompt goes through the hosts in parts, which are on their way at the same time. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 0, 1, 3})
    void aLongPromptHasTheTokensOfOneHostAlsoWhereAHostIsLostInIt(int steps) {
        Path directory = Workshop.FIXTURES.resolve("mistral");
        others.add(directory).left = steps;
        OtherHost second = others.add(directory);
        Request request = text("a fox and a dog ".repeat(60));
        Answer expected = alone(directory, request);
        assertThat(expected.prompt()).hasSizeBetween(257, 500);
        try (OpenModel model = workshop.open(directory, OVER_ALL)) {
            assertSame(model.answer(request), expected);
        }
        // More steps than tokens: the prompt came in parts.
        assertThat(second.steps).isGreaterThan(expected.ids().size() + 1);
    }

    @Test
    void soItIsWithAFamilyOfTwoFolders(@TempDir Path folder) {
        Path liquid = Workshop.liquid(folder);
        others.add(liquid);
        try (OpenModel model = workshop.open(liquid, OVER_ALL)) {
            assertSame(model.answer(text("a fox")), alone(liquid, text("a fox")));
        }
    }

    @Test
    void aPictureHasTheBitsOfOneHostAndItsRecordNamesAllDevices() {
        OtherHost host = others.add(CHAMELEON);
        Answer expected = alone(CHAMELEON, PICTURE);
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            Answer answer = model.answer(PICTURE);
            assertSame(answer, expected);
            assertThat(answer.origin().devices()).anyMatch(device -> device.contains(" + layers 1 to 2 on another host's cpu/"));
        }
        assertThat(host.opened).extracting(StageLayers::first, StageLayers::last).containsExactly(tuple(1, 2));
    }

    @Test
    void manyShareTheStepsOfAllHosts() throws InterruptedException {
        others.add(CHAMELEON);
        others.add(CHAMELEON);
        Answer expected = alone(CHAMELEON, PICTURE);
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            List<Generation> generations = Stream.generate(() -> model.prepare(List.of(PICTURE), event -> { }).start()).limit(6).toList();
            for (Generation generation : generations) {
                assertSame(generation.await().getFirst(), expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 30})
    void whenAHostIsLostItGoesOnWithTheOthers(int steps) {
        OtherHost fragile = others.add(CHAMELEON);
        OtherHost steady = others.add(CHAMELEON);
        fragile.left = steps;
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            assertSame(model.answer(PICTURE), alone(CHAMELEON, PICTURE));
        }
        assertThat(fragile.open).isZero();
        assertThat(steady.open).isZero();
        assertThat(steady.opened).hasSize(2);
    }

    @Test
    void whenAllAreLostThisHostComputesAlone() {
        others.add(CHAMELEON).left = 5;
        others.add(CHAMELEON).left = 9;
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            assertSame(model.answer(PICTURE), alone(CHAMELEON, PICTURE));
        }
    }

    @Test
    void aHostThatIsThereAgainIsUsedAgain() {
        OtherHost host = others.add(CHAMELEON);
        host.left = 3;
        Answer expected = alone(CHAMELEON, PICTURE);
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            assertSame(model.answer(PICTURE), expected);
            int before = host.steps;
            assertSame(model.answer(PICTURE), expected);
            assertThat(host.steps).isEqualTo(before);
            host.left = Integer.MAX_VALUE;
            host.lost = false;
            others.tell();
            assertSame(model.answer(PICTURE), expected);
            assertThat(host.steps).isGreaterThan(before);
        }
    }

    @Test
    void aHostThatComesBackWithOtherWeightsIsGoneOnWithout() {
        OtherHost host = others.add(CHAMELEON);
        OtherHost steady = others.add(CHAMELEON);
        host.left = 3;
        Answer expected = alone(CHAMELEON, PICTURE);
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            assertSame(model.answer(PICTURE), expected);
            host.lost = false;
            host.refuses = true;
            others.tell();
            int before = steady.steps;
            assertSame(model.answer(PICTURE), expected);
            assertThat(steady.steps).isGreaterThan(before);
        }
    }

    @Test
    void theBackendOfAnotherHostMayBeExchanged() {
        OtherHost host = others.add(CHAMELEON);
        Answer expected = alone(CHAMELEON, PICTURE);
        int[] drawn = new int[1];
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            List<Answer> answers = model.prepare(List.of(PICTURE), event -> {
                if (++drawn[0] == 6) {
                    host.workshop.registry.removeBackend(host.workshop.backend);
                    host.workshop.registry.addBackend(new FragileBackend(Integer.MAX_VALUE), Workshop.properties(90));
                }
            }).start().await();
            assertSame(answers.getFirst(), expected);
            assertThat(host.opened).hasSize(2);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theBackendOfThisHostMayBeExchanged() throws InterruptedException {
        others.add(CHAMELEON);
        Answer expected = alone(CHAMELEON, PICTURE);
        int[] drawn = new int[1];
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            List<Answer> answers = model.prepare(List.of(PICTURE), event -> {
                if (++drawn[0] == 6) {
                    workshop.registry.addBackend(new FragileBackend(Integer.MAX_VALUE), Workshop.properties(90));
                    workshop.registry.removeBackend(workshop.backend);
                }
            }).start().await();
            assertSame(answers.getFirst(), expected);
            assertThat(answers.getFirst().origin().devices()).anyMatch(device -> device.startsWith("cpu/"))
                    .anyMatch(device -> device.startsWith("fragile/"));
        }
    }

    @Test
    void whenWhatReachesHostsLeavesThisHostComputesAloneOrSaysSo() {
        others.add(CHAMELEON);
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            model.answer(PICTURE);
            workshop.registry.removeStageHosts(others);
            assertThat(others.hosts.getFirst().open).isZero();
            assertThatThrownBy(() -> model.answer(PICTURE)).isInstanceOf(BackendException.class)
                    .hasMessage("nothing here reaches other hosts, since the bundle that reaches other hosts has left: start or install the"
                            + " bundle org.intarsia.remote");
            workshop.registry.addStageHosts(others);
            assertSame(model.answer(PICTURE), alone(CHAMELEON, PICTURE));
        }
    }

    /** Each waits for the other with a step of its own in progress, and with services that wait for the end of that step. */
    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void twoThatUseEachOtherDoNotWaitForever() throws InterruptedException {
        Workshop other = new Workshop().withAllFamilies();
        OtherHosts back = new OtherHosts();
        other.registry.addStageHosts(back);
        others.add(other, CHAMELEON);
        back.add(workshop, CHAMELEON);
        Answer expected = alone(CHAMELEON, PICTURE);
        AtomicBoolean ended = new AtomicBoolean();
        try (OpenModel here = workshop.open(CHAMELEON, OVER_ALL); OpenModel there = other.open(CHAMELEON, OVER_ALL)) {
            List<Thread> telling = Stream.of(others, back).map(hosts -> Thread.ofPlatform().daemon().start(() -> {
                while (!ended.get()) {
                    hosts.tell();
                }
            })).toList();
            List<Generation> generations = Stream.of(here, there, here, there, here, there)
                    .map(model -> model.prepare(List.of(PICTURE), event -> { }).start()).toList();
            try {
                for (Generation generation : generations) {
                    assertSame(generation.await().getFirst(), expected);
                }
            } finally {
                ended.set(true);
            }
            for (Thread thread : telling) {
                thread.join();
            }
        }
    }

    @Test
    void aHostThatIsNotThereAtFirstIsNamed() {
        others.add(CHAMELEON).lost = true;
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            assertThatThrownBy(() -> model.answer(PICTURE)).isInstanceOf(BackendException.class).hasMessage("host0 is lost");
        }
    }

    @Test
    void otherWeightsAreRefused() {
        others.add(Workshop.FIXTURES.resolve("chameleon-30b"));
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            assertThatThrownBy(() -> model.answer(PICTURE)).isInstanceOf(ModelException.class)
                    .hasMessage("model chameleon-30b has other weights than those that the other host has");
        }
    }

    @Test
    void anotherConfigurationOfTheSameWeightsIsRefused(@TempDir Path folder) throws IOException {
        Path other = Files.createDirectories(folder.resolve("chameleon-7b"));
        try (Stream<Path> files = Files.list(CHAMELEON)) {
            for (Path file : files.toList()) {
                Files.copy(file, other.resolve(file.getFileName()));
            }
        }
        Path config = other.resolve("config.json");
        String text = Files.readString(config);
        assertThat(text).contains("\"rms_norm_eps\": 1e-05");
        Files.writeString(config, text.replace("\"rms_norm_eps\": 1e-05", "\"rms_norm_eps\": 1e-04"));
        others.add(other);
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            assertThatThrownBy(() -> model.answer(PICTURE)).isInstanceOf(ModelException.class)
                    .hasMessage("the other host would compute layers 1 to 2 otherwise than this one: let both have the same files of the model"
                            + " and the same bundles");
        }
    }

    /** Numbers come over a network: none may lead outside of the memory that they index. */
    @Test
    void stepsThatDoNotFitAreRefused() {
        OtherHost host = others.add(CHAMELEON);
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            model.answer(PICTURE);
        }
        StageLayers layers = host.opened.getFirst();
        int width = host.model.with(pipeline -> pipeline.components().core().geometry().hidden());
        int context = host.model.with(pipeline -> pipeline.components().core().geometry().context());
        int blocks = Math.ceilDiv(context, layers.blockSize());
        try (Stage stage = host.model.stage(layers)) {
            int[] table = new int[blocks];
            assertThat(stage.run(new StageStep(new int[1], new int[0][], new int[1], new int[1], new int[1], table, new float[width])))
                    .hasSize(width);
            List<StageStep> wrong = List.of(
                    new StageStep(new int[]{context}, new int[0][], new int[1], new int[1], new int[1], table, new float[width]),
                    new StageStep(new int[]{-1}, new int[0][], new int[1], new int[1], new int[1], table, new float[width]),
                    new StageStep(new int[1], new int[1][1], new int[1], new int[1], new int[1], table, new float[width]),
                    new StageStep(new int[1], new int[0][], new int[]{layers.blocks()}, new int[1], new int[1], table, new float[width]),
                    new StageStep(new int[1], new int[0][], new int[1], new int[]{layers.blockSize()}, new int[1], table, new float[width]),
                    new StageStep(new int[1], new int[0][], new int[1], new int[1], new int[]{1}, table, new float[width]),
                    new StageStep(new int[1], new int[0][], new int[1], new int[1], new int[1], new int[blocks - 1], new float[width]),
                    new StageStep(new int[1], new int[0][], new int[1], new int[1], new int[1], new int[2 * blocks], new float[width]),
                    new StageStep(new int[1], new int[0][], new int[1], new int[1], new int[1], new int[0], new float[width]),
                    new StageStep(new int[1], new int[0][], new int[1], new int[1], new int[1], table, new float[width + 1]),
                    new StageStep(new int[0], new int[0][], new int[0], new int[0], new int[0], table, new float[0]),
                    new StageStep(new int[1], new int[0][], new int[2], new int[1], new int[1], table, new float[width]));
            assertThat(wrong).allSatisfy(step -> assertThatThrownBy(() -> stage.run(step)).isInstanceOf(ModelException.class)
                    .hasMessageContaining("does not fit layers 1 to 2"));
            assertThatThrownBy(() -> stage.grow(Integer.MAX_VALUE)).isInstanceOf(BackendException.class)
                    .hasMessageContaining("it takes more by the setting cache of the engine");
            host.model.close();
            assertThatThrownBy(() -> stage.grow(layers.blocks())).isInstanceOf(ModelException.class);
        }
        assertThatThrownBy(() -> opened(host, new StageLayers(layers.weights(), 0, 2, 1, 1, 1, layers.cache(), layers.precision(), "")))
                .isInstanceOf(ModelException.class);
    }

    private static Stage opened(OtherHost host, StageLayers layers) {
        try (OpenModel again = host.workshop.open(CHAMELEON)) {
            return again.stage(layers);
        }
    }

    @Test
    void whenTheBackendOfAHostStopsItsStagesGiveTheirMemoryBack() {
        OtherHost host = others.add(CHAMELEON);
        try (OpenModel model = workshop.open(CHAMELEON, OVER_ALL)) {
            model.answer(PICTURE);
            host.workshop.registry.removeBackend(host.workshop.backend);
            assertThat(host.model.memory()).isEmpty();
            host.workshop.registry.addBackend(host.workshop.backend, Workshop.properties(1));
            assertSame(model.answer(PICTURE), alone(CHAMELEON, PICTURE));
        }
    }
}
