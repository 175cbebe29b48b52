package org.intarsia.distro.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureRecord;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.Text;
import org.intarsia.training.api.Training;
import org.intarsia.training.api.TrainingListener;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/** The backends for graphics hardware among the other bundles; where no driver offers a device, tests say which is missing. */
class GraphicsBackendsTest {
    /** A hundred with {@code mvn verify -Pnightly}. */
    private static final int ROUNDS = Integer.getInteger("swap.rounds");

    private final Platform platform = new Platform();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"opencl", "vulkan"})
    void aModelChoosesTheSameTokensAsOnTheProcessor(String name) throws Exception {
        requireDevice(name);
        Request picture = new Request(List.of(new Text("a fox")), Goal.PICTURE, Sampling.GREEDY);
        Request words = new Request(List.of(new Text("a fox")), Goal.CONTINUATION, Sampling.GREEDY.withMaxTokens(20));
        Engine engine = platform.service(Engine.class);
        try (Model expected = engine.open(fixture(), Placement.on(Optional.of("cpu")));
                Model actual = engine.open(fixture(), Placement.on(Optional.of(name)))) {
            assertThat(actual.answer(picture).ids()).isEqualTo(expected.answer(picture).ids());
            assertThat(actual.answer(words).ids()).isEqualTo(expected.answer(words).ids());
            Answer original = expected.answer(picture);
            BitSet cells = new BitSet();
            cells.set(9, 11);
            Request redraw = new Request(List.of(new Text("a house")), Goal.PICTURE, Sampling.GREEDY)
                    .withRedraw(expected.redraw(original.images().getFirst(),
                            Optional.of(PictureRecord.of(original, picture, 1, 0)), cells));
            assertThat(actual.answer(redraw).ids()).isEqualTo(expected.answer(redraw).ids());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"opencl", "vulkan"})
    void trainingLosesAsMuchAsOnTheProcessor(String name) throws Exception {
        requireDevice(name);
        List<Double> expected = losses("cpu");
        List<Double> actual = losses(name);

        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i)).as("loss " + i).isCloseTo(expected.get(i),
                    Percentage.withPercentage(0.5));
        }
    }

    /** @param most bytes that may stay behind in a round: half of what a device takes that somebody forgets to close */
    @ParameterizedTest
    @CsvSource({"opencl, 105000", "vulkan, 3000000"})
    void updatedUninstalledAndInstalledManyTimesItLeavesNothingBehind(String name, long most) throws Exception {
        requireDevice(name);
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        // JVM and framework keep what they need for the first updates of anything.
        comeAndGo("cpu", loaders);
        long[] bytes = comeAndGo(name, loaders);

        assertThat(platform.bundle("org.intarsia.backend." + name).getState()).isEqualTo(Bundle.ACTIVE);
        System.gc();
        assertThat(loaders).as("class loaders of gone revisions").allSatisfy(loader -> assertThat(loader.get()).isNull());
        // The least of several rounds, since what malloc has at hand goes up and down.
        long first = least(bytes, ROUNDS / 5, 2 * ROUNDS / 5);
        long last = least(bytes, 4 * ROUNDS / 5, ROUNDS);
        assertThat(last - first).as("bytes that stayed in memory").isLessThan(3 * ROUNDS / 5 * most);
    }

    /** Uses, then updates or reinstalls a backend again and again; gives the bytes in memory after each use. */
    private long[] comeAndGo(String name, List<WeakReference<ClassLoader>> loaders) throws Exception {
        String symbolicName = "org.intarsia.backend." + name;
        long[] bytes = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            platform.withBackend(name, GraphicsBackendsTest::compute);
            loaders.add(Platform.loader(platform.bundle(symbolicName)));
            bytes[round] = nativeBytes();
            if (round % 2 == 0) {
                platform.update(symbolicName);
            } else {
                platform.reinstall(symbolicName);
            }
        }
        return bytes;
    }

    private static long least(long[] bytes, int from, int to) {
        return Arrays.stream(bytes, from, to).min().orElseThrow();
    }

    /** Opens a device, multiplies on it, closes it. */
    private static void compute(Backend backend) {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(4, 4));
        try (Device device = backend.open();
                Plan plan = device.compile(g.build(Map.of("y", g.matMul(x, x, false, true))), Map.of(), 0)) {
            float[] ones = new float[16];
            Arrays.fill(ones, 1);
            plan.input("x").write(ones);
            plan.run();
            assertThat(plan.output("y").floats(16)).containsOnly(4f);
        }
    }

    /** Bytes in memory that the JVM knows nothing of; the heap is as large as it was at the start (see itest.bndrun). */
    private static long nativeBytes() throws IOException {
        System.gc();
        Path status = Path.of("/proc/self/status");
        assumeTrue(Files.exists(status), "how much memory a process takes is read from /proc, which only Linux has");
        long resident = Files.readAllLines(status).stream().filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElseThrow();
        return resident - ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getCommitted();
    }

    private List<Double> losses(String backend) throws Exception {
        List<Double> losses = new ArrayList<>();
        Path recipe = Recipes.tiny(folder);
        platform.service(Training.class).train(new Training.Options(recipe.toString(), folder.resolve(backend), false,
                new Training.Where(backend, Optional.empty()), 6), new TrainingListener() {
                    @Override
                    public void onStep(Step step) {
                        losses.add(step.loss());
                    }

                    @Override
                    public void onMessage(String message) {
                        assertThat(message).isNotBlank();
                    }

                    @Override
                    public boolean isCancelled() {
                        return false;
                    }
                });
        return losses;
    }

    private String fixture() {
        return platform.fixture("chameleon-7b").toString();
    }

    private void requireDevice(String name) throws Exception {
        platform.withBackend(name, backend -> {
            if (backend.devices().isEmpty()) {
                String reason = name + ": this test needs a device: " + backend.unavailable();
                // What is skipped is counted, and not said why.
                System.out.println("[WARNING] " + reason);
                assertThat(Boolean.getBoolean("require.devices")).as(reason).isFalse();
                Assumptions.abort(reason);
            }
        });
    }
}
