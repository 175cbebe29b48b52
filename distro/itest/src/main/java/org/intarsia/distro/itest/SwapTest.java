package org.intarsia.distro.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles leave and return under an open model. */
class SwapTest {
    private static final Request PICTURE = new Request(List.of(new Text("a fox")), Goal.PICTURE,
            Sampling.builder().temperature(1).guidance(2, 1).seed(5).build());

    private final Platform platform = new Platform();

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer", "transformer.core", "image.decoder", "backend.cpu"})
    void withoutABundleThereIsOneSentenceAndWithItTheNextRequestWorks(String name) throws Exception {
        String bundle = "org.intarsia." + name;
        try (Model model = open()) {
            Answer before = model.answer(PICTURE);
            platform.without(bundle, () -> assertThatThrownBy(() -> model.answer(PICTURE))
                    .hasMessageEndingWith("start or install the bundle " + bundle)
                    .hasMessageNotContaining("\n"));
            assertThat(model.answer(PICTURE)).isEqualTo(before);
        }
    }

    @Test
    void anUpdatedBundleServesTheNextRequest() throws Exception {
        try (Model model = open()) {
            Answer before = model.answer(PICTURE);
            // A new revision has a new class loader: nothing may hold on to the old one.
            platform.update("org.intarsia.transformer.core");
            assertThat(model.answer(PICTURE)).isEqualTo(before);
        }
    }

    private Model open() throws InterruptedException {
        return platform.service(Engine.class).open(platform.fixture("chameleon-7b").toString(), Placement.on(Optional.of("cpu")));
    }
}
