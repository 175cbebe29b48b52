package org.intarsia.picturebook.meaning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.samples.Mixture;
import org.intarsia.picturebook.samples.Sample;
import org.intarsia.picturebook.samples.SampleSource;
import org.intarsia.picturebook.samples.Split;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Cell;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;
import org.junit.jupiter.api.Test;

class QuestionTest {
    private static final Pattern STAR = Pattern.of(Kind.STAR);
    /** A red star left of a blue house, and a second star below the house. */
    private static final Scene SCENE = Scene.of(Background.NIGHT,
            new Thing(Kind.STAR, Colour.RED, Size.SMALL, new Cell(0, 1)),
            new Thing(Kind.HOUSE, Colour.BLUE, Size.BIG, new Cell(2, 1)),
            new Thing(Kind.STAR, Colour.PINK, Size.BIG, new Cell(2, 3)));

    @Test
    void answersAreRight() {
        assertAnswer(new Question.ColourOf(Pattern.of(Kind.HOUSE)), "blue", "blau");
        assertAnswer(new Question.SizeOf(Pattern.of(Colour.RED, Kind.STAR)), "small", "klein");
        assertAnswer(new Question.HowMany(STAR), "two", "zwei");
        assertAnswer(new Question.HowMany(Pattern.of(Kind.TREE)), "none", "keine");
        assertAnswer(new Question.HowManyThings(), "three", "drei");
        assertAnswer(new Question.WhatLies(Relation.LEFT_OF, Pattern.of(Kind.HOUSE)), "a red star", "ein roter Stern");
        assertAnswer(new Question.WhatLies(Relation.ABOVE, Pattern.of(Colour.PINK, Kind.STAR)), "a blue house",
                "ein blaues Haus");
        assertAnswer(new Question.WhatIs(Colour.BLUE), "a house", "ein Haus");
        assertAnswer(new Question.Where(Pattern.of(Colour.PINK, Kind.STAR)), "bottom right", "unten rechts");
        assertAnswer(new Question.IsThere(Pattern.of(Colour.BLUE, Kind.STAR)), "no", "nein");
        assertAnswer(new Question.IsIt(Background.NIGHT), "yes", "ja");
    }

    @Test
    void questionsWithoutOneAnswerAreRefused() {
        assertThatThrownBy(() -> new Question.ColourOf(STAR).answer(SCENE, World.STANDARD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"the star\" fits 2 things: describe exactly one");
        assertThatThrownBy(() -> new Question.WhatLies(Relation.RIGHT_OF, Pattern.of(Kind.HOUSE))
                .answer(SCENE, World.STANDARD)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyQuestionOfASampleHasOneAnswer() {
        for (Split split : Split.values()) {
            SampleSource source = new SampleSource(World.STANDARD, 5, split, new Mixture(0, 0, 1, 0, 0.5, 0));
            for (int i = 0; i < 3000; i++) {
                Sample sample = source.sample(i);
                assertThat(sample.text()).endsWith("?");
                assertThat(sample.answer()).isPresent();
            }
        }
    }

    private static void assertAnswer(Question question, String english, String german) {
        Answer answer = question.answer(SCENE, World.STANDARD);
        assertThat(Language.ENGLISH.answer(answer)).isEqualTo(english);
        assertThat(Language.GERMAN.answer(answer)).isEqualTo(german);
    }
}
