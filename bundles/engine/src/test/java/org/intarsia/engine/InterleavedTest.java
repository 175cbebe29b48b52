package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where words and pictures change in an answer, what was read of its stream stays. */
class InterleavedTest {
    private static final String MODEL = "chameleon-7b";
    /** The tokens of a picture with its end; its begin is one of the words. */
    private static final int PICTURE = 65;
    private static final int BEGIN = 101;
    /** The tiny model is random, so it is led: with the repetition penalty turned round it begins the picture it has seen. */
    private static final Request REQUEST = new Request(
            List.of(PictureFiles.read(Workshop.FIXTURES.resolve(MODEL).resolve("input.png"))), Goal.INTERLEAVED,
            Sampling.builder().temperature(0.9).repetitionPenalty(0.05).seed(3).maxTokens(12).build(),
            Sampling.builder().guidance(3, 1.2).build(), 0);

    private final Workshop workshop = new Workshop();

    /** Also where its own stream has no say in the picture. */
    @ParameterizedTest
    @ValueSource(doubles = {3, 0})
    void itsStreamIsReadOnce(double guidanceText) {
        FragileBackend counting = counting(Integer.MAX_VALUE);
        Answer answer = answer(new Request(REQUEST.parts(), REQUEST.goal(), REQUEST.sampling(),
                REQUEST.pictures().toBuilder().guidance(guidanceText, 1.2).build(), 0));
        assertThat(answer.images()).hasSize(2);
        assertThat(answer.ids().stream().filter(id -> id == BEGIN)).hasSize(2);

        int own = answer.prompt().size() + answer.ids().size() - 1;
        // A picture is guided by a stream of all pictures before it, from one begin to the other, and by an empty one.
        int guides = 0;
        for (int before = 1; before <= 2; before++) {
            guides += 1 + before * (1 + PICTURE) + 1 + PICTURE - 1;
            guides += 1 + 1 + PICTURE - 1;
        }
        // Nothing twice; streams that begin alike share whole blocks.
        assertThat(counting.read).isLessThan(own + guides);
    }

    /** Whether its device goes while it reads, between words, while a cache is copied, or in a picture. */
    @ParameterizedTest
    @ValueSource(ints = {0, 9, 10, 13, 15, 16, 17, 18, 50, 82, 84, 85, 86, 120})
    void goesOnWithAnotherBackend(int runs) {
        Answer undisturbed = answer(REQUEST);
        counting(runs);
        workshop.registry.addBackend(workshop.backend, Workshop.properties(9));
        assertThat(answer(REQUEST)).usingRecursiveComparison().ignoringFields("origin").isEqualTo(undisturbed);
    }

    /** Beside others, whose pictures begin elsewhere, and after them: they leave steppers with other room behind. */
    @Test
    void isTheSameBesideOthersAndAfterThem() {
        Request words = new Request(List.of(new Text("plain")), Goal.CONTINUATION, Sampling.GREEDY.withMaxTokens(9));
        Request later = new Request(List.of(new Text("fox"), REQUEST.parts().getFirst()), Goal.INTERLEAVED, REQUEST.sampling(),
                REQUEST.pictures(), 0);
        try (OpenModel model = workshop.open(MODEL)) {
            List<Answer> alone = Stream.of(REQUEST, later, words).map(model::answer).toList();
            assertThat(alone.get(1).images()).isNotEmpty();
            assertThat(model.prepare(List.of(REQUEST, later, words), event -> { }).run()).isEqualTo(alone);
            assertThat(model.answer(REQUEST)).isEqualTo(alone.getFirst());
        }
    }

    private FragileBackend counting(int runs) {
        FragileBackend fragile = new FragileBackend(runs);
        workshop.registry.removeBackend(workshop.backend);
        workshop.registry.addBackend(fragile, Workshop.properties(0));
        return fragile;
    }

    private Answer answer(Request request) {
        try (OpenModel model = workshop.open(MODEL)) {
            return model.answer(request);
        }
    }
}
