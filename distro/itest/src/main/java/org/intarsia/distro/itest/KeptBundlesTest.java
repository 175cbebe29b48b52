package org.intarsia.distro.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.InUse;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles are replaced under a generation in flight, which notices nothing; and a hundred times, which leaves nothing. */
class KeptBundlesTest {
    private static final Request PICTURE = new Request(List.of(new Text("a fox")), Goal.PICTURE,
            Sampling.builder().temperature(1).guidance(2, 1).seed(5).build());
    /** A hundred with {@code mvn verify -Pnightly}. */
    private static final int ROUNDS = Integer.getInteger("swap.rounds");
    /** Less than a class loader with the classes of the smallest bundle. */
    private static final long MOST_BYTES_PER_ROUND = 20_000;

    private final Platform platform = new Platform();

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer", "transformer.core", "image.decoder", "backend.cpu"})
    void aGenerationInFlightGivesTheSame(String name) throws Exception {
        String bundle = "org.intarsia." + name;
        try (Model model = open()) {
            Answer undisturbed = model.answer(PICTURE);
            assertThat(at(20, model, () -> platform.update(bundle))).as("updated").isEqualTo(undisturbed);
            assertThat(at(20, model, () -> platform.reinstall(bundle))).as("installed again").isEqualTo(undisturbed);
            assertThat(model.answer(PICTURE)).as("afterwards").isEqualTo(undisturbed);
        }
    }

    @Test
    void weightsStayUntilTheLastGenerationHasEndedAndThenTheirCopyGoes() throws Exception {
        Engine engine = platform.service(Engine.class);
        try (Model model = engine.open(Engine.DEFAULT_MODEL, Placement.on(Optional.of("cpu")))) {
            Request picture = new Request(List.of(new Text("a red star")), Goal.PICTURE, model.sampling(Goal.PICTURE));
            Answer undisturbed = model.answer(picture);
            Path before = model.directory();
            Answer kept = at(20, model, picture, () -> {
                platform.update("org.intarsia.model.picturebook");
                assertThat(model.answer(picture)).as("with the new copy").isEqualTo(undisturbed);
                assertThat(model.directory()).isNotEqualTo(before);
                assertThat(before).as("still mapped").exists();
                assertThat(engine.inUse()).extracting(InUse::generations).containsExactlyInAnyOrder(1, 0);
            });
            assertThat(kept).isEqualTo(undisturbed);
            assertThat(before).as("the copy that nobody uses").doesNotExist();
            Path maps = Path.of("/proc/self/maps");
            if (Files.exists(maps)) {
                assertThat(Files.readAllLines(maps)).noneMatch(line -> line.contains(before.toString()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer", "vision.encoder", "transformer.core", "image.decoder", "backend.cpu"})
    void updatedAndInstalledManyTimesItLeavesNothingBehind(String name) throws Exception {
        String bundle = "org.intarsia." + name;
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        long halfTime = 0;
        long end = 0;
        try (Model model = open()) {
            Answer undisturbed = model.answer(PICTURE);
            for (int round = 0; round < ROUNDS; round++) {
                loaders.add(Platform.loader(platform.bundle(bundle)));
                if (round % 2 == 0) {
                    platform.update(bundle);
                } else {
                    platform.reinstall(bundle);
                }
                if (round == ROUNDS / 2 - 1) {
                    halfTime = usedHeap();
                } else if (round == ROUNDS - 1) {
                    end = usedHeap();
                }
                if (round % 10 == 9) {
                    assertThat(model.answer(PICTURE)).as("after round " + round).isEqualTo(undisturbed);
                }
            }
        }
        assertThat(Platform.uncollected(loaders)).as("rounds whose class loaders are still there").isEmpty();
        assertThat(end - halfTime).as("bytes that stayed in the heap").isLessThan(ROUNDS / 2 * MOST_BYTES_PER_ROUND);
    }

    /**
     * Bytes in use. Felix holds a bundle that is gone, with the list of its jar's entries, as long as a service stays that was got for
     * it; Declarative Services get the configuration admin for each bundle.
     */
    private long usedHeap() throws Exception {
        platform.restart("org.apache.felix.configadmin");
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Something that a test does in the midst of a generation. */
    private interface Action {
        void run() throws Exception;
    }

    private static Answer at(int codes, Model model, Action action) {
        return at(codes, model, PICTURE, action);
    }

    private static Answer at(int codes, Model model, Request request, Action action) {
        return model.prepare(List.of(request), event -> {
            if (event instanceof Event.PictureProgress progress && progress.codes() == codes) {
                try {
                    action.run();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        }).run().getFirst();
    }

    private Model open() throws InterruptedException {
        return platform.service(Engine.class).open(platform.fixture("chameleon-7b").toString(), Placement.on(Optional.of("cpu")));
    }
}
