package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.intarsia.backend.api.DeviceLostException;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices are lost while models compute on them. */
class LostDeviceTest {
    private static final Request PICTURE = new Request(List.of(new Text("a fox")), Goal.PICTURE,
            Sampling.builder().temperature(1).guidance(2, 1).seed(5).maxTokens(1).build(), 7);

    private final Workshop workshop = new Workshop();

    /** Runs: the prompt, a token each but the last, a preview after every seventh, and the picture itself. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 30})
    void theGenerationGoesOnWithAnotherBackend(int runs) {
        Answer undisturbed = answer();
        FragileBackend fragile = new FragileBackend(runs);
        workshop.registry.removeBackend(workshop.backend);
        workshop.registry.addBackend(fragile, Workshop.properties(0));
        workshop.registry.addBackend(workshop.backend, Workshop.properties(9));

        assertThat(answer()).usingRecursiveComparison().ignoringFields("origin").isEqualTo(undisturbed);
        assertThat(fragile.opened).isOne();
    }

    @Test
    void lostBeforeTheLastStepItStillPaints() {
        Answer undisturbed = answer();
        int all = undisturbed.ids().size() + undisturbed.ids().size() / 7;
        for (int runs = all - 3; runs <= all + 1; runs++) {
            FragileBackend fragile = new FragileBackend(runs);
            workshop.registry.removeBackend(workshop.backend);
            workshop.registry.addBackend(fragile, Workshop.properties(0));
            workshop.registry.addBackend(workshop.backend, Workshop.properties(9));
            assertThat(answer()).as("after " + runs + " runs").usingRecursiveComparison().ignoringFields("origin")
                    .isEqualTo(undisturbed);
            workshop.registry.removeBackend(fragile);
        }
    }

    @Test
    void allThatRunMoveOnce() throws InterruptedException {
        Answer undisturbed = answer();
        FragileBackend fragile = new FragileBackend(40);
        workshop.registry.removeBackend(workshop.backend);
        workshop.registry.addBackend(fragile, Workshop.properties(0));
        workshop.registry.addBackend(workshop.backend, Workshop.properties(9));
        try (OpenModel model = workshop.open("chameleon-7b")) {
            List<Generation> generations = Stream
                    .generate(() -> model.prepare(List.of(PICTURE), event -> { }).start()).limit(3).toList();
            for (Generation generation : generations) {
                assertThat(generation.await()).usingRecursiveFieldByFieldElementComparatorIgnoringFields("origin")
                        .containsExactly(undisturbed);
            }
        }
        assertThat(fragile.opened).isOne();
    }

    @Test
    void withoutAnotherBackendItEndsInOneSentence() {
        workshop.registry.removeBackend(workshop.backend);
        workshop.registry.addBackend(new FragileBackend(12), Workshop.properties(0));

        assertThatThrownBy(this::answer).isInstanceOf(DeviceLostException.class).hasMessage(FragileBackend.REASON);
    }

    private Answer answer() {
        try (OpenModel model = workshop.open("chameleon-7b")) {
            return model.answer(PICTURE);
        }
    }
}
