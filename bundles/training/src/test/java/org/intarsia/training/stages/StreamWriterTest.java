package org.intarsia.training.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.language.Layout;
import org.intarsia.picturebook.samples.Mixture;
import org.intarsia.picturebook.samples.Sample;
import org.intarsia.picturebook.samples.Task;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.training.recipe.Recipe;
import org.junit.jupiter.api.Test;

class StreamWriterTest {
    private static final SpecialTokens TOKENS = new SpecialTokens(0, 2, 7, 8, 9, 10, new int[] {100, 101, 102});
    private static final Scene SCENE = Scene.of(Background.values()[0]);
    private static final int[] SOURCE = {0, 1};
    private static final int[] MADE = {2, 2};
    private static final List<Recipe.Lesson> LESSONS = List.of(new Recipe.Lesson(0, Mixture.STANDARD, 1, 1, 4));

    @Test
    void anEditIsInstructionSourceSeparatorPicture() {
        StreamWriter.Stream stream = writer(0, 0).write(edit(), 5, SOURCE, MADE);

        assertThat(stream.ids()).containsExactly(0, 50, 51, 8, 100, 101, 9, 7, 8, 102, 102, 9, 2);
        assertThat(stream.ids()[stream.answer()]).isEqualTo(8);
        assertThat(writer(0, 0).length(edit())).isEqualTo(stream.ids().length);
    }

    @Test
    void withoutWordsTheSourceStays() {
        assertThat(writer(1, 0).write(edit(), 5, SOURCE, MADE).ids()).startsWith(0, 8, 100, 101, 9, 7, 8);
    }

    @Test
    void withoutAnythingOnlyTheSeparatorStays() {
        assertThat(writer(0, 1).write(edit(), 5, SOURCE, MADE).ids()).containsExactly(0, 7, 8, 102, 102, 9, 2);
    }

    @Test
    void anAnswerIsWords() {
        Sample sample = new Sample(Task.ANSWER, Language.GERMAN, "xy", Optional.of(SCENE), Optional.empty(), Optional.of("z"));

        assertThat(writer(1, 1).write(sample, 5, SOURCE, null).ids()).as("questions are never left out")
                .containsExactly(0, 50, 51, 8, 100, 101, 9, 7, 52, 2);
    }

    /** With or without words: what guides a picture sees its layout, too. */
    @Test
    void aLayoutStandsBetweenSeparatorAndPicture() {
        int[] layout = new Letters().encode(Layout.of(SCENE), false);
        StreamWriter writer = writer(0, 0, true);
        StreamWriter.Stream stream = writer.write(edit(), 5, SOURCE, MADE);
        int[] answer = Arrays.copyOfRange(stream.ids(), stream.answer(), stream.ids().length);

        assertThat(answer).startsWith(layout).endsWith(8, 102, 102, 9, 2).hasSize(layout.length + 5);
        assertThat(stream.ids()[stream.picture()]).isEqualTo(8);
        assertThat(writer.length(edit())).isEqualTo(stream.ids().length);
        StreamWriter.Stream without = writer(0, 1, true).write(edit(), 5, SOURCE, MADE);
        assertThat(Arrays.copyOfRange(without.ids(), without.answer(), without.ids().length)).isEqualTo(answer);
    }

    @Test
    void aboutHalfOfTheEnglishDescriptionsComeWithoutARequest() {
        Sample sample = new Sample(Task.DESCRIBE, Language.ENGLISH, "xy", Optional.of(SCENE), Optional.empty(), Optional.of("z"));

        long wordless = LongStream.range(0, 1000)
                .filter(index -> writer(0, 0).write(sample, index, SOURCE, null).ids()[1] == 8).count();

        assertThat(wordless).isBetween(450L, 550L);
    }

    private static Sample edit() {
        return new Sample(Task.EDIT, Language.ENGLISH, "xy", Optional.of(SCENE), Optional.of(SCENE), Optional.empty());
    }

    private static StreamWriter writer(double textDropout, double promptDropout) {
        return writer(textDropout, promptDropout, false);
    }

    private static StreamWriter writer(double textDropout, double promptDropout, boolean layouts) {
        return new StreamWriter(new Letters(), TOKENS, 2,
                new Recipe.CorePart(null, List.of(), textDropout, promptDropout, 0, LESSONS), 3, layouts);
    }

    /** Letters from x on, as 50 and so on. */
    private static final class Letters implements Tokenizer {
        @Override
        public int[] encode(String text, boolean special) {
            return text.chars().map(letter -> 50 + letter - 'x').toArray();
        }

        @Override
        public String decode(int[] ids, boolean special) {
            throw new UnsupportedOperationException();
        }

        @Override
        public OptionalInt id(String token) {
            return OptionalInt.empty();
        }

        @Override
        public String token(int id) {
            return "";
        }

        @Override
        public int size() {
            return 53;
        }

        @Override
        public void close() {
        }
    }
}
