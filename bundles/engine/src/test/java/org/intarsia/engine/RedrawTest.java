package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.engine.api.PictureRecord;
import org.intarsia.engine.api.Redraw;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Some cells of a picture are drawn anew; all others keep their codes and pixels. */
class RedrawTest {
    private static final String MODEL = "chameleon-7b";
    private static final Request FIRST = new Request(List.of(new Text("a fox")), Goal.PICTURE,
            Sampling.builder().temperature(1).guidance(2, 1).seed(5).maxTokens(1).build());
    private static final Request OTHER = new Request(List.of(new Text("a plain house")), Goal.PICTURE,
            FIRST.sampling().withSeed(8));
    private static final BitSet CELLS = cells(9, 10, 40);

    private final Workshop workshop = new Workshop();

    private static BitSet cells(int... numbers) {
        BitSet cells = new BitSet();
        IntStream.of(numbers).forEach(cells::set);
        return cells;
    }

    private static Request redraw(OpenModel model, Answer original) {
        PictureRecord record = PictureRecord.of(original, FIRST, 1, 0);
        return OTHER.withRedraw(model.redraw(original.images().getFirst(), Optional.of(record), CELLS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "janus", "emu3"})
    void othersKeepTheirCodesAndPixels(String fixture) {
        workshop.withAllFamilies();
        try (OpenModel model = workshop.open(fixture)) {
            Answer original = model.answer(FIRST);
            PictureGrid grid = model.grid();
            Image before = original.images().getFirst();
            assertThat(before.width()).isEqualTo(grid.width());
            assertThat(before.height()).isEqualTo(grid.height());
            PictureRecord record = PictureRecord.of(original, FIRST, 1, 0);
            BitSet chosen = cells(2, grid.cells() / 2);
            Redraw redraw = model.redraw(before, Optional.of(record), chosen);
            Answer answer = model.answer(OTHER.withRedraw(redraw));

            int[] codes = model.redraw(before, Optional.of(PictureRecord.of(answer, OTHER, 1, 0)), chosen).codes();
            for (int cell = 0; cell < grid.cells(); cell++) {
                if (!chosen.get(cell)) {
                    assertThat(codes[cell]).as("code " + cell).isEqualTo(redraw.codes()[cell]);
                }
            }
            assertThat(codes).isNotEqualTo(redraw.codes());
            Image decoded = model.decode(codes);
            Image after = answer.images().getFirst();
            for (int i = 0; i < after.rgb().length; i++) {
                int pixel = i / 3;
                int cell = pixel / grid.width() / grid.cellHeight() * grid.columns() + pixel % grid.width() / grid.cellWidth();
                assertThat(after.rgb()[i]).as("byte " + i).isEqualTo((chosen.get(cell) ? decoded : before).rgb()[i]);
            }
        }
    }

    /** Codes that are kept take no random number, and are read in one go. */
    @Test
    void onlyChosenCellsAreDrawn() {
        FragileBackend counting = new FragileBackend(Integer.MAX_VALUE);
        workshop.registry.removeBackend(workshop.backend);
        workshop.registry.addBackend(counting, Workshop.properties(9));
        try (OpenModel model = workshop.open(MODEL)) {
            Request request = redraw(model, model.answer(FIRST));
            List<Event> events = new ArrayList<>();
            long before = counting.read;
            Answer answer = model.prepare(List.of(request), events::add).run().getFirst();
            // Up to the last cell that is drawn anew and no farther; the other stream has a shorter prompt.
            assertThat(counting.read - before).isBetween(answer.prompt().size() + 40L, 2L * (answer.prompt().size() + 40));
            assertThat(model.answer(request)).isEqualTo(answer);
            assertThat(events.stream().filter(Event.PictureProgress.class::isInstance)
                    .map(event -> ((Event.PictureProgress) event).codes()))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 64).boxed().toList());
        }
    }

    @Test
    void previewsShowWhatIsKept() {
        try (OpenModel model = workshop.open(MODEL)) {
            Answer original = model.answer(FIRST);
            Request plain = redraw(model, original);
            Request request = new Request(plain.parts(), plain.goal(), plain.sampling(), 2).withRedraw(plain.redraw().get());
            List<Image> previews = new ArrayList<>();
            Answer answer = model.prepare(List.of(request), event -> {
                if (event instanceof Event.Preview preview) {
                    previews.add(preview.image());
                }
            }).run().getFirst();
            PictureGrid grid = model.grid();
            assertThat(previews).hasSize(1);
            for (int cell = 0; cell < grid.cells(); cell++) {
                int at = 3 * (cell / grid.columns() * grid.cellHeight() * grid.width() + cell % grid.columns() * grid.cellWidth());
                byte expected = cell == 40 ? (byte) 128 : original.images().getFirst().rgb()[at];
                if (cell != 9 && cell != 10) {
                    assertThat(previews.getFirst().rgb()[at]).as("cell " + cell).isEqualTo(expected);
                }
            }
            assertThat(answer.outcome()).isEqualTo(Answer.Outcome.COMPLETE);
        }
    }

    @Test
    void isTheSameBesideOthersAndAfterASwap() {
        try (OpenModel model = workshop.open(MODEL)) {
            Request request = redraw(model, model.answer(FIRST));
            Answer alone = model.answer(request);
            Answer first = model.answer(FIRST);
            Request words = new Request(List.of(new Text("plain")), Goal.CONTINUATION, Sampling.GREEDY.withMaxTokens(9));
            assertThat(model.prepare(List.of(FIRST, request, words), event -> { }).run())
                    .containsExactly(first, alone, model.answer(words));
            Answer swapped = model.prepare(List.of(request), event -> {
                if (event instanceof Event.PictureProgress progress && progress.codes() == 10) {
                    workshop.registry.removeBackend(workshop.backend);
                    workshop.registry.addBackend(new CpuBackend(), Workshop.properties(9));
                }
            }).run().getFirst();
            assertThat(swapped).usingRecursiveComparison().ignoringFields("origin").isEqualTo(alone);
            assertThat(swapped.origin().devices()).hasSize(2);
        }
    }

    @Test
    void withoutARecordOfTheModelThePictureIsEncoded() {
        try (OpenModel model = workshop.open(MODEL)) {
            Answer original = model.answer(FIRST);
            Image picture = original.images().getFirst();
            assertThat(model.redraw(picture, Optional.empty(), CELLS).codes()).isEqualTo(model.encode(picture));
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (OpenModel model = workshop.open(MODEL)) {
            Image picture = model.answer(FIRST).images().getFirst();
            int[] codes = model.encode(picture);
            assertThatThrownBy(() -> model.redraw(picture, Optional.empty(), new BitSet())).hasMessage(
                    "no cell of the picture is chosen to be drawn anew: name one or more");
            assertThatThrownBy(() -> model.redraw(picture, Optional.empty(), cells(64))).hasMessage("the cells of a picture of"
                    + " model chameleon-7b are 0 to 63, 8 in each of 8 rows; there is no cell 64");
            assertThatThrownBy(() -> model.redraw(new Image(1, 1, new byte[3]), Optional.empty(), CELLS)).hasMessage(
                    "the picture to draw anew has 1 × 1 pixels, but model chameleon-7b makes pictures of 32 × 32: bring it to"
                            + " that size");
            assertThatThrownBy(() -> model.answer(OTHER.withRedraw(new Redraw(picture, new int[3], CELLS)))).hasMessage(
                    "a picture of model chameleon-7b has 64 codes, not 3");
            codes[0] = 96;
            assertThatThrownBy(() -> model.answer(OTHER.withRedraw(new Redraw(picture, codes, CELLS)))).hasMessage(
                    "the codes of model chameleon-7b are 0 to 95; there is no code 96");
            assertThatThrownBy(() -> new Request(List.of(), Goal.ANSWER, Sampling.GREEDY).withRedraw(new Redraw(picture, codes,
                    CELLS))).hasMessage("cells can be drawn anew only where a picture is asked for");
        }
    }
}
