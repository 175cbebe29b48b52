package org.intarsia.distro.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;

/** Stops and restarts of the engine's and the backend's bundle under a running generation. */
class EngineStopTest {
    private static final String CPU = "org.intarsia.backend.cpu";
    private static final Request PICTURE = new Request(List.of(new Text("a fox")), Goal.PICTURE,
            Sampling.builder().temperature(1).guidance(2, 1).seed(5).build());

    private final Platform platform = new Platform();

    private Model open(String backend) throws InterruptedException {
        return platform.service(Engine.class).open(platform.fixture("chameleon-7b").toString(),
                Placement.on(Optional.of(backend)));
    }

    /** A generation in the midst of which something happens. */
    private static Generation disturbed(Model model, Platform.Action action) {
        return model.prepare(List.of(PICTURE), event -> {
            if (event instanceof Event.PictureProgress progress && progress.codes() == 3) {
                assertThatCode(action::run).doesNotThrowAnyException();
            }
        });
    }

    @Test
    void whereTheEngineRestartsItSaysSoAndTheNextOneWorks() throws Exception {
        Model model = open("cpu");
        Answer before = model.answer(PICTURE);

        assertThatThrownBy(() -> disturbed(model, () -> platform.without("org.intarsia.engine", () -> { })).run())
                .isInstanceOf(ModelException.class)
                .hasMessage("the engine has stopped, since its bundle or one that it needs was stopped, updated or refreshed,"
                        + " while it used model chameleon-7b: ask again when it runs");
        assertThatThrownBy(() -> model.answer(PICTURE)).isInstanceOf(ModelException.class)
                .hasMessageStartingWith("the engine has stopped").hasMessageNotContaining("closed");
        model.close();

        try (Model again = open("cpu")) {
            assertThat(again.answer(PICTURE)).isEqualTo(before);
        }
    }

    @Test
    void whereABackendRestartsItGoesOn() throws Exception {
        try (Model model = open("cpu")) {
            Answer before = model.answer(PICTURE);
            assertThat(disturbed(model, () -> platform.without(CPU, () -> { })).run().getFirst().ids()).isEqualTo(before.ids());
        }
    }

    @Test
    void aBackendThatStaysAwayIsToldFromOneThatNeverWasThere() throws Exception {
        try (Model model = open("cpu"); Model absent = open("abacus")) {
            platform.without(CPU, () -> assertThatThrownBy(() -> model.answer(PICTURE)).hasMessage("there is no backend cpu"
                    + " (installed: opencl, vulkan), since backend cpu of bundle " + CPU + " "
                    + platform.bundle(CPU).getVersion() + " has left and has not come back: start or install the bundle " + CPU));
            assertThatThrownBy(() -> absent.answer(PICTURE)).hasMessage("there is no backend abacus (installed: cpu, opencl,"
                    + " vulkan): name one of these, or start or install a bundle that provides it");
        }
    }
}
