package org.intarsia.picturebook.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.intarsia.picturebook.grading.Grader;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.meaning.Description;
import org.intarsia.picturebook.pictures.Painter;
import org.intarsia.picturebook.prompts.EditForm;
import org.intarsia.picturebook.prompts.Edits;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Cell;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Dice;
import org.intarsia.picturebook.world.Look;
import org.intarsia.picturebook.world.Looks;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The wide world is painted, spoken of and graded as exactly as the standard one. */
class WideWorldTest {
    private static final World WIDE = World.WIDE;
    private static final Painter PAINTER = new Painter(WIDE);
    private static final Grader GRADER = new Grader(WIDE);
    private static final SampleSource TRAIN = source(Split.TRAIN);

    private static SampleSource source(Split split) {
        return new SampleSource(WIDE, 1, split, new Mixture(0.4, 0.2, 0.2, 0.2, 0.5, 0.2));
    }

    private static Stream<Scene> scenes(Sample sample) {
        return Stream.concat(sample.source().stream(), sample.picture().stream());
    }

    @Test
    void theGraderFindsTruePicturesRight() {
        long right = TRAIN.scenes(0).limit(500).filter(scene -> GRADER.grade(scene, PAINTER.paint(scene)).passed()).count();
        assertThat(right).isEqualTo(500);
    }

    @Test
    void everyLookIsReadOnEveryBackgroundAndInEverySize() {
        WIDE.kinds().parallelStream().forEach(kind -> {
            for (Background background : WIDE.backgrounds()) {
                for (Colour colour : WIDE.colours()) {
                    for (Size size : Size.values()) {
                        Scene scene = Scene.of(background, new Thing(kind, colour, size, new Cell(3, 6)));
                        assertThat(GRADER.grade(scene, PAINTER.paint(scene)).reason()).isEmpty();
                    }
                }
            }
        });
    }

    @Test
    void thingsStandAtAnyMultipleOfEightPixels() {
        Set<Cell> small = new HashSet<>();
        Set<Cell> big = new HashSet<>();
        TRAIN.scenes(0).limit(20_000).forEach(scene -> scene.things()
                .forEach(thing -> (thing.size() == Size.SMALL ? small : big).add(thing.cell())));
        assertThat(small).containsExactlyInAnyOrderElementsOf(WIDE.cells(Size.SMALL)).hasSize(14 * 14);
        assertThat(big).containsExactlyInAnyOrderElementsOf(WIDE.cells(Size.BIG)).hasSize(12 * 12);
    }

    @Test
    void thingsShareNoBlock() {
        TRAIN.scenes(0).limit(3000).forEach(scene -> {
            Set<List<Integer>> blocks = new HashSet<>();
            for (Thing thing : scene.things()) {
                int side = thing.size() == Size.SMALL ? 24 : 40;
                int left = thing.cell().column() * 8;
                int top = thing.cell().row() * 8;
                for (int y = top / 16; y <= (top + side - 1) / 16; y++) {
                    for (int x = left / 16; x <= (left + side - 1) / 16; x++) {
                        assertThat(blocks.add(List.of(x, y))).as("%s", scene).isTrue();
                    }
                }
            }
        });
    }

    @Test
    void trainingNeverShowsAHeldOutLookAndShowsAllOthers() {
        Set<Look> seen = new HashSet<>();
        TRAIN.scenes(0).limit(20_000).forEach(scene -> scene.things()
                .forEach(thing -> seen.add(new Look(thing.kind(), thing.colour()))));
        assertThat(WIDE.heldOut()).hasSize(16).doesNotContainAnyElementsOf(seen);
        assertThat(seen).hasSize(240);
        assertThat(WIDE.heldOut().stream().map(Look::colour).distinct()).hasSize(16);
        SampleSource heldOut = source(Split.HELD_OUT);
        for (int i = 0; i < 500; i++) {
            assertThat(scenes(heldOut.sample(i)).flatMap(scene -> scene.things().stream())).anyMatch(WIDE::isHeldOut);
        }
    }

    @Test
    void canonicalSentencesFitTheirPictures() {
        int understood = 0;
        for (int i = 0; i < 3000; i++) {
            Sample sample = TRAIN.sample(i);
            if (sample.task() == Task.IMAGINE && sample.language().parse(sample.text()).isPresent()) {
                Description said = sample.language().parse(sample.text()).orElseThrow();
                assertThat(GRADER.grade(said, PAINTER.paint(sample.picture().orElseThrow())).reason()).as(sample.text()).isEmpty();
                understood++;
            } else if (sample.task() == Task.DESCRIBE) {
                assertThat(GRADER.gradeCaption(sample.source().orElseThrow(), sample.language(),
                        sample.answer().orElseThrow()).reason()).isEmpty();
            }
        }
        assertThat(understood).isGreaterThan(500);
    }

    @ParameterizedTest
    @EnumSource(EditForm.class)
    void editsComeOutRight(EditForm form) {
        Edits edits = new Edits(Looks.trained(WIDE));
        Dice dice = new Dice(form.ordinal());
        for (int i = 0; i < 200; i++) {
            Edits.Case edit = edits.next(form, dice);
            assertThat(GRADER.grade(edit.edit(), edit.before(), PAINTER.paint(edit.after())).reason()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void halfOfAllPromptsAreFreelyPhrased(Language language) {
        Set<String> texts = LongStream.range(0, 4000).mapToObj(TRAIN::sample)
                .filter(sample -> sample.task() == Task.IMAGINE && sample.language() == language)
                .map(Sample::text).collect(Collectors.toSet());
        long canonical = texts.stream().filter(text -> language.parse(text).isPresent()).count();
        assertThat((double) canonical / texts.size()).isBetween(0.4, 0.65);
        assertThat(texts).allSatisfy(text -> assertThat(text).doesNotContain("{").doesNotContain("(").doesNotContain("|"));
    }

    @Test
    void samplesDependOnTheirNumberAlone() {
        List<Sample> forwards = LongStream.range(0, 200).mapToObj(TRAIN::sample).toList();
        SampleSource again = source(Split.TRAIN);
        for (int i = 199; i >= 0; i--) {
            assertThat(again.sample(i)).isEqualTo(forwards.get(i));
        }
    }
}
