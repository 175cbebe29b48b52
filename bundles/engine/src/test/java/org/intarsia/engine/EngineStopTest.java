package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.FamilyInfo;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Missing;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.files.ModelBundles;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine stops while it is used: those who use it are told the cause, at once. */
class EngineStopTest {
    /** Outside of a framework nobody counts uses. */
    static final EngineService.Use NO_USE = new EngineService.Use() {
        @Override
        public void begin() {
        }

        @Override
        public void end() {
        }
    };
    private static final String CAUSE = "the engine has stopped, since its bundle or one that it needs was stopped, updated or"
            + " refreshed";
    private static final Request PICTURE = new Request(List.of(new Text("a fox")), Goal.PICTURE,
            Sampling.builder().temperature(1).guidance(2, 1).seed(5).maxTokens(1).build());

    private final Workshop workshop = new Workshop(Duration.ofSeconds(600), Duration.ofSeconds(600));
    private final AtomicInteger uses = new AtomicInteger();
    private final EngineService engine = new EngineService(new ModelBundles(MessagesTest.noBundles(), () -> { }),
            workshop.registry, workshop.recorder,
            new EngineService.Use() {
                @Override
                public void begin() {
                    uses.incrementAndGet();
                }

                @Override
                public void end() {
                    uses.decrementAndGet();
                }
            });

    private Model open() {
        return engine.open(Workshop.FIXTURES.resolve("chameleon-7b").toString(), Placement.ANYWHERE);
    }

    private static boolean at(Event event, int codes) {
        return event instanceof Event.PictureProgress progress && progress.codes() == codes;
    }

    @Test
    void familiesAreListedWithTheOpenModelsOfEach() {
        try (Model model = open()) {
            assertThat(engine.families()).contains(new FamilyInfo("llama", "bundle16", List.of()));
            model.answer(new Request(List.of(new Text("a fox")), Goal.CONTINUATION, Sampling.GREEDY.withMaxTokens(1)));
            assertThat(engine.families()).contains(new FamilyInfo("chameleon", "bundle13", List.of("chameleon-7b")))
                    .isSortedAccordingTo(Comparator.comparing(FamilyInfo::name));
        }
    }

    @Test
    void aGenerationThatRunsIsToldTheCause() {
        Model model = open();
        assertThatThrownBy(() -> model.prepare(List.of(PICTURE), event -> {
            if (at(event, 20)) {
                engine.stop();
            }
        }).run()).isInstanceOf(ModelException.class).isInstanceOf(Missing.class)
                .hasMessage(CAUSE + ", while it used model chameleon-7b: ask again when it runs");
        assertThatThrownBy(() -> model.answer(PICTURE)).isInstanceOf(ModelException.class).isInstanceOf(Missing.class)
                .hasMessage(CAUSE + ": ask the engine that runs now, and open the model there");
        assertThatThrownBy(this::open).isInstanceOf(ModelException.class).isInstanceOf(Missing.class).hasMessageStartingWith(CAUSE);
        model.close();
    }

    /** A backend's interface is updated: first the backend leaves, then the engine stops. */
    @Test
    @Timeout(60)
    void aGenerationThatWaitsForABackendIsToldTheCauseAtOnce() throws Exception {
        Model model = open();
        Generation generation = model.prepare(List.of(PICTURE), event -> {
            if (at(event, 20)) {
                workshop.registry.removeBackend(workshop.backend);
                CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(engine::stop);
            }
        }).start();
        assertThatThrownBy(generation::await).isInstanceOf(ModelException.class).isInstanceOf(Missing.class).hasMessageStartingWith(CAUSE);
    }

    /** Classes and files of a bundle that was refreshed are gone, and whatever needs them fails. */
    @Test
    void aFailureThatTheStopHasCausedIsNotTold() {
        Model model = open();
        NoClassDefFoundError gone = new NoClassDefFoundError("org/intarsia/engine/Whatever");
        assertThatThrownBy(() -> model.prepare(List.of(PICTURE), event -> {
            if (at(event, 20)) {
                engine.stop();
                throw gone;
            }
        }).run()).isInstanceOf(ModelException.class).isInstanceOf(Missing.class).hasMessageStartingWith(CAUSE).hasCause(gone);
    }

    @Test
    void itIsInUseAsLongAsAModelIsOpenOrAGenerationRuns() {
        Model model = open();
        Model other = open();
        assertThat(uses).hasValue(2);
        other.close();
        model.prepare(List.of(PICTURE), event -> {
            if (at(event, 20)) {
                assertThat(uses).hasValue(2);
                model.close();
                assertThat(uses).hasValue(1);
            }
        }).run();
        assertThat(uses).hasValue(0);
        assertThatThrownBy(() -> engine.open("nowhere", Placement.ANYWHERE)).isInstanceOf(ModelException.class)
                .isNotInstanceOf(Missing.class);
        assertThat(uses).hasValue(0);
    }
}
