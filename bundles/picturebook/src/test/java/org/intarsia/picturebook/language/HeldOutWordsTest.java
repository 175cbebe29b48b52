package org.intarsia.picturebook.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.intarsia.picturebook.samples.Mixture;
import org.intarsia.picturebook.samples.Sample;
import org.intarsia.picturebook.samples.SampleSource;
import org.intarsia.picturebook.samples.Split;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Look;
import org.intarsia.picturebook.world.World;
import org.junit.jupiter.api.Test;

/** Looks that are held out of training are neither painted nor spoken of there. */
class HeldOutWordsTest {
    @Test
    void trainingNeverShowsOrNamesAHeldOutLook() {
        SampleSource train = new SampleSource(World.STANDARD, 1, Split.TRAIN, Mixture.STANDARD);
        English english = new English(Phrasebook.CANONICAL);
        German german = new German(Phrasebook.CANONICAL);
        for (int i = 0; i < 20_000; i++) {
            Sample sample = train.sample(i);
            Stream.concat(sample.source().stream(), sample.picture().stream())
                    .forEach(scene -> assertThat(scene.things()).noneMatch(World.STANDARD::isHeldOut));
            String text = sample.text() + " " + sample.answer().orElse("");
            Phrasebook words = sample.language() == Language.GERMAN ? german : english;
            assertThat(named(text, words)).as(text).doesNotContainAnyElementsOf(World.STANDARD.heldOut());
        }
    }

    /** Every colour that stands before a noun, with that noun. */
    private static List<Look> named(String text, Phrasebook words) {
        String[] tokens = text.toLowerCase(Locale.ROOT).split("[ ,?]+");
        List<Look> named = new ArrayList<>();
        for (int i = 1; i < tokens.length; i++) {
            Colour colour = words.colours().get(tokens[i - 1]);
            Optional<Kind> kind = words.nouns().getOrDefault(tokens[i], Optional.empty());
            if (colour != null && kind.isPresent()) {
                named.add(new Look(kind.get(), colour));
            }
        }
        return named;
    }
}
