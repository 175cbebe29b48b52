package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.PictureRecord;
import org.intarsia.engine.api.Redraw;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model with {@code layout_tokens} writes words before a picture; they are part of the stream and no part of the answer. */
class PlannedPictureTest {
    private static final int BEGIN = 101;
    private static final int CODES = 64;
    private static final int WORDS = 6;
    private static final Request REQUEST = new Request(List.of(new Text("a fox")), Goal.PICTURE,
            Sampling.builder().temperature(1).guidance(3, 1.2).seed(5).build());

    private final Workshop workshop = new Workshop();
    @TempDir
    Path folder;

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> files = Files.list(Workshop.FIXTURES.resolve("chameleon-7b"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        settings(WORDS);
    }

    private void settings(int words) throws IOException {
        Files.writeString(folder.resolve("generation_config.json"), "{\"intarsia\": {\"picture\": {\"layout_tokens\": " + words
                + ", \"layout_temperature\": 2}}}");
    }

    private Answer answer(Request request) {
        try (OpenModel model = workshop.open(folder)) {
            return model.answer(request);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 3, 0})
    void wordsStandBeforeThePicture(double guidance) {
        Answer answer = answer(new Request(REQUEST.parts(), Goal.PICTURE, REQUEST.sampling().toBuilder().guidance(guidance, 1).build()));
        int begin = answer.ids().indexOf(BEGIN);
        assertThat(begin).isBetween(0, WORDS);
        assertThat(answer.ids()).hasSize(begin + 1 + CODES);
        assertThat(answer.prompt()).doesNotContain(BEGIN);
        assertThat(answer.images()).hasSize(1);
        assertThat(answer.parts()).hasSize(1);
    }

    @Test
    void theSameRequestGivesTheSameAloneAndBesideOthers() {
        Request other = new Request(List.of(new Text("plain")), Goal.CONTINUATION, Sampling.GREEDY.withMaxTokens(9));
        Request next = new Request(REQUEST.parts(), Goal.PICTURE, REQUEST.sampling().withSeed(6));
        try (OpenModel model = workshop.open(folder)) {
            List<Answer> alone = Stream.of(REQUEST, next, other).map(model::answer).toList();
            assertThat(model.prepare(List.of(REQUEST, next, other), event -> { }).run()).isEqualTo(alone);
            assertThat(alone.get(0).ids()).isNotEqualTo(alone.get(1).ids());
        }
    }

    /** The streams that guide the picture have the words, too: with them it is another picture than without. */
    @Test
    void thePictureFollowsItsWords() throws IOException {
        Answer planned = answer(REQUEST);
        settings(0);
        Answer plain = answer(REQUEST);
        assertThat(plain.ids()).hasSize(CODES);
        int first = planned.ids().indexOf(BEGIN) + 1;
        assertThat(planned.ids().subList(first, first + CODES)).isNotEqualTo(plain.ids());
    }

    @Test
    void wordsAreNotTold() {
        List<Event> events = new ArrayList<>();
        try (OpenModel model = workshop.open(folder)) {
            model.prepare(List.of(REQUEST), events::add).run();
        }
        assertThat(events).noneMatch(event -> event instanceof Event.TextPiece || event instanceof Event.Token);
        assertThat(events.stream().filter(Event.PictureProgress.class::isInstance)).hasSize(CODES);
    }

    @Test
    void aRedrawIsPlannedToo() {
        BitSet cells = new BitSet();
        cells.set(9);
        try (OpenModel model = workshop.open(folder)) {
            Answer first = model.answer(REQUEST);
            Redraw redraw = model.redraw(first.images().getFirst(), Optional.of(PictureRecord.of(first, REQUEST, 1, 0)), cells);
            Answer again = model.answer(REQUEST.withRedraw(redraw));
            int begin = again.ids().indexOf(BEGIN);
            List<Integer> codes = again.ids().subList(begin + 1, again.ids().size());
            List<Integer> before = first.ids().subList(first.ids().indexOf(BEGIN) + 1, first.ids().size());
            assertThat(codes).hasSize(CODES);
            for (int cell = 0; cell < CODES; cell++) {
                if (cell != 9) {
                    assertThat(codes.get(cell)).isEqualTo(before.get(cell));
                }
            }
        }
    }

    /** Its device goes while it reads, in the words, between them and the picture, or in the picture. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 40})
    void goesOnWithAnotherBackend(int runs) {
        Answer undisturbed = answer(REQUEST);
        workshop.registry.removeBackend(workshop.backend);
        workshop.registry.addBackend(new FragileBackend(runs), Workshop.properties(0));
        workshop.registry.addBackend(workshop.backend, Workshop.properties(9));
        assertThat(answer(REQUEST)).usingRecursiveComparison().ignoringFields("origin").isEqualTo(undisturbed);
    }
}
