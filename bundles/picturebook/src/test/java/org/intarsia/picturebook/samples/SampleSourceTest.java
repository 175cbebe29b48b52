package org.intarsia.picturebook.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
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
import org.intarsia.picturebook.world.Look;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.World;
import org.junit.jupiter.api.Test;

class SampleSourceTest {
    private static final SampleSource TRAIN = source(1, Split.TRAIN);
    private static final long GENERATOR_HASH = 8052282579360838857L;

    @Test
    void samplesDependOnSeedSplitAndIndexAlone() {
        List<Sample> forwards = LongStream.range(0, 300).mapToObj(TRAIN::sample).toList();
        SampleSource again = source(1, Split.TRAIN);
        for (int i = 299; i >= 0; i--) {
            assertThat(again.sample(i)).isEqualTo(forwards.get(i));
        }
        assertThat(LongStream.range(0, 300).mapToObj(source(2, Split.TRAIN)::sample).toList()).isNotEqualTo(forwards);
        assertThat(LongStream.range(0, 300).mapToObj(source(1, Split.VALIDATION)::sample).toList())
                .isNotEqualTo(forwards);
    }

    /** If this fails, the shipped weights cannot be trained again as they were: give the generator a new version. */
    @Test
    void theGeneratorIsTheOneThatTheWeightsWereTrainedWith() {
        long hash = 0;
        Painter painter = new Painter(World.STANDARD);
        for (int i = 0; i < 2000; i++) {
            Sample sample = TRAIN.sample(i);
            hash = 31 * hash + (sample.task() + sample.text() + sample.answer().orElse("")).hashCode();
            for (Scene scene : Stream.concat(sample.source().stream(), sample.picture().stream()).toList()) {
                hash = 31 * hash + Arrays.hashCode(painter.paint(scene).rgb());
            }
        }
        assertThat(hash).as("version %d", SampleSource.GENERATOR_VERSION).isEqualTo(GENERATOR_HASH);
    }

    @Test
    void heldOutSamplesAreAboutHeldOutLooks() {
        SampleSource heldOut = source(1, Split.HELD_OUT);
        for (int i = 0; i < 3000; i++) {
            Sample sample = heldOut.sample(i);
            assertThat(Stream.concat(sample.source().stream(), sample.picture().stream())
                    .flatMap(scene -> scene.things().stream())).anyMatch(World.STANDARD::isHeldOut);
        }
    }

    @Test
    void everyLookButTheHeldOutOnesIsTrained() {
        Set<Look> seen = new HashSet<>();
        TRAIN.scenes(0).limit(5000).forEach(scene -> scene.things()
                .forEach(thing -> seen.add(new Look(thing.kind(), thing.colour()))));
        assertThat(seen).hasSize(56);
        assertThat(World.STANDARD.heldOut()).hasSize(8).doesNotContainAnyElementsOf(seen);
        assertThat(World.STANDARD.heldOut().stream().map(Look::kind)).doesNotHaveDuplicates();
        assertThat(World.STANDARD.heldOut().stream().map(Look::colour)).doesNotHaveDuplicates();
    }

    @Test
    void picturesFitTheirSentences() {
        Grader grader = new Grader(World.STANDARD);
        Painter painter = new Painter(World.STANDARD);
        Set<Task> tasks = EnumSet.noneOf(Task.class);
        for (int i = 0; i < 3000; i++) {
            Sample sample = TRAIN.sample(i);
            tasks.add(sample.task());
            if (sample.task() == Task.IMAGINE) {
                Description said = sample.language().parse(sample.text()).orElseThrow();
                assertThat(grader.grade(said, painter.paint(sample.picture().orElseThrow())).reason()).isEmpty();
            } else if (sample.task() == Task.DESCRIBE) {
                assertThat(grader.gradeCaption(sample.source().orElseThrow(), sample.language(),
                        sample.answer().orElseThrow()).reason()).isEmpty();
            }
        }
        assertThat(tasks).containsExactly(Task.values());
    }

    @Test
    void theMixtureIsKept() {
        SampleSource source = new SampleSource(World.STANDARD, 1, Split.TRAIN, new Mixture(0, 1, 3, 0, 0.25, 0));
        List<Sample> samples = LongStream.range(0, 4000).mapToObj(source::sample).toList();
        assertThat(samples.stream().filter(s -> s.task() == Task.ANSWER).count()).isBetween(2900L, 3100L);
        assertThat(samples.stream().filter(s -> s.task() == Task.DESCRIBE).count()).isBetween(900L, 1100L);
        assertThat(samples.stream().filter(s -> s.language() == Language.GERMAN).count()).isBetween(900L, 1100L);
    }

    @Test
    void whatTheReadmeSaysIsOfTheTrainedForm() {
        Set<String> texts = TRAIN.texts(0).limit(60_000).collect(Collectors.toSet());
        assertThat(texts).contains("make the star green", "mach den Stern grün", "what colour is the house?",
                "welche Farbe hat das Haus?", "describe the picture", "beschreibe das Bild");
        // There are too many sentences about two coloured things for each to occur in a test.
        assertThat(texts).anyMatch(text -> text.matches("a red star left of an? \\w+ \\w+"))
                .anyMatch(text -> text.matches("an? \\w+ \\w+ left of a blue house"));
    }

    private static SampleSource source(long seed, Split split) {
        return new SampleSource(World.STANDARD, seed, split, Mixture.STANDARD);
    }
}
