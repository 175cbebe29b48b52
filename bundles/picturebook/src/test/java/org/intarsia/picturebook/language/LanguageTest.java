package org.intarsia.picturebook.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.intarsia.picturebook.meaning.Description;
import org.intarsia.picturebook.meaning.Edit;
import org.intarsia.picturebook.meaning.Question;
import org.intarsia.picturebook.prompts.Prompts;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Dice;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Looks;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a red star left of a blue house               | ein roter Stern links von einem blauen Haus
            a small red star                              | ein kleiner roter Stern
            an orange tree above a yellow boat            | ein orange Baum über einem gelben Boot
            a big pink heart below a circle on a meadow   | ein großes rosa Herz unter einem Kreis auf einer Wiese
            a triangle right of a white heart             | ein Dreieck rechts von einem weißen Herzen
            three blue circles                            | drei blaue Kreise
            four trees by day                             | vier Bäume bei Tag
            two big houses at night                       | zwei große Häuser bei Nacht
            two purple hearts                             | zwei violette Herzen
            a red star and a blue house                   | ein roter Stern und ein blaues Haus
            a square, two green boats and a star on the sea | ein Quadrat, zwei grüne Boote und ein Stern auf dem Meer
            """)
    void bothLanguagesSayTheSame(String english, String german) {
        Description meaning = Language.ENGLISH.parse(english).orElseThrow();
        assertThat(Language.ENGLISH.sentence(meaning)).isEqualTo(english);
        assertThat(Language.GERMAN.sentence(meaning)).isEqualTo(german);
        assertThat(Language.GERMAN.parse(german)).contains(meaning);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void everySentenceIsUnderstood(Language language) {
        Prompts prompts = new Prompts(Looks.trained(World.STANDARD));
        Dice dice = new Dice(1);
        for (int i = 0; i < 3000; i++) {
            Description description = prompts.varied(dice);
            assertThat(language.parse(language.sentence(description))).contains(description);
            Scene scene = prompts.scene(dice);
            assertThat(language.parse(language.caption(scene, World.STANDARD))).contains(Description.of(scene, World.STANDARD));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "star", "a", "a red", "a star house", "red a star", "a red red star",
            "a star left of", "two stars above a house", "a star and", "a star,", "ein Stern", "five stars",
            "a blue red star", "a star at noon"})
    void whatIsNoDescriptionIsNotUnderstood(String sentence) {
        assertThat(Language.ENGLISH.parse(sentence)).isEmpty();
    }

    @Test
    void capitalsSpacesAndFullStopAreOfNoMatter() {
        assertThat(Language.GERMAN.parse("  Ein roter  stern bei nacht. "))
                .isPresent().isEqualTo(Language.GERMAN.parse("ein roter Stern bei Nacht"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            STAR   | mach den roten Stern grün   | entferne den roten Stern   | verschiebe den roten Stern nach oben
            CIRCLE | mach den roten Kreis grün   | entferne den roten Kreis   | verschiebe den roten Kreis nach oben
            TREE   | mach den roten Baum grün    | entferne den roten Baum    | verschiebe den roten Baum nach oben
            HOUSE  | mach das rote Haus grün     | entferne das rote Haus     | verschiebe das rote Haus nach oben
            HEART  | mach das rote Herz grün     | entferne das rote Herz     | verschiebe das rote Herz nach oben
            BOAT   | mach das rote Boot grün     | entferne das rote Boot     | verschiebe das rote Boot nach oben
            """)
    void germanInstructionsTakeTheAccusative(Kind kind, String recolour, String remove, String move) {
        Pattern thing = Pattern.of(Colour.RED, kind);
        assertThat(Language.GERMAN.instruction(new Edit.Recolour(thing, Colour.GREEN))).isEqualTo(recolour);
        assertThat(Language.GERMAN.instruction(new Edit.Remove(thing))).isEqualTo(remove);
        assertThat(Language.GERMAN.instruction(new Edit.Move(thing, Relation.ABOVE))).isEqualTo(move);
    }

    @Test
    void instructions() {
        Pattern star = Pattern.of(Kind.STAR);
        Pattern heart = Pattern.of(Colour.BLUE, Kind.HEART);
        assertSaid(new Edit.Recolour(star, Colour.GREEN), "make the star green", "mach den Stern grün");
        assertSaid(new Edit.Replace(star, Pattern.of(Colour.WHITE, Kind.TREE)),
                "replace the star with a white tree", "ersetze den Stern durch einen weißen Baum");
        assertSaid(new Edit.Add(star.withSize(Size.SMALL), Optional.of(new Edit.Placement(Relation.LEFT_OF, heart))),
                "add a small star left of the blue heart", "füge einen kleinen Stern links vom blauen Herzen hinzu");
        assertSaid(new Edit.Add(Pattern.of(Colour.ORANGE, Kind.BOAT), Optional.empty()),
                "add an orange boat", "füge ein orange Boot hinzu");
        assertSaid(new Edit.ChangeBackground(Background.NIGHT), "make it night", "lass es Nacht werden");
        assertSaid(new Edit.ChangeBackground(Background.SEA), "put it on the sea", "setz es auf das Meer");
    }

    /** A scene speaks of a pattern without a language, in the words that the English language has for it. */
    @Test
    void aSceneNamesAPatternInTheWordsOfTheLanguage() {
        Scene empty = Scene.of(Background.DAY);
        for (Kind kind : Kind.values()) {
            for (Colour colour : Colour.values()) {
                for (Size size : Size.values()) {
                    Pattern coloured = Pattern.of(colour, kind);
                    for (Pattern pattern : List.of(Pattern.of(kind), Pattern.of(kind).withSize(size), coloured,
                            coloured.withSize(size), coloured.withoutKind(), coloured.withSize(size).withoutKind())) {
                        assertThatThrownBy(() -> empty.only(pattern)).hasMessage(
                                "\"the " + Language.ENGLISH.name(pattern) + "\" fits 0 things: describe exactly one");
                    }
                }
            }
        }
    }

    private static void assertSaid(Edit edit, String english, String german) {
        assertThat(Language.ENGLISH.instruction(edit)).isEqualTo(english);
        assertThat(Language.GERMAN.instruction(edit)).isEqualTo(german);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ColourOf      | what colour is the blue house?    | welche Farbe hat das blaue Haus?
            SizeOf        | how big is the blue house?        | wie groß ist das blaue Haus?
            HowMany       | how many blue houses are there?   | wie viele blaue Häuser gibt es?
            HowManyThings | how many things are there?        | wie viele Dinge gibt es?
            WhatLies      | what is above the blue house?     | was ist über dem blauen Haus?
            WhatIs        | what is blue?                     | was ist blau?
            Where         | where is the blue house?          | wo ist das blaue Haus?
            IsThere       | is there a blue house?            | gibt es ein blaues Haus?
            IsIt          | is it night?                      | ist es Nacht?
            """)
    void questions(String form, String english, String german) {
        Pattern house = Pattern.of(Colour.BLUE, Kind.HOUSE);
        List<Question> questions = List.of(new Question.ColourOf(house), new Question.SizeOf(house),
                new Question.HowMany(house), new Question.HowManyThings(), new Question.WhatLies(Relation.ABOVE, house),
                new Question.WhatIs(Colour.BLUE), new Question.Where(house), new Question.IsThere(house),
                new Question.IsIt(Background.NIGHT));
        Question question = questions.stream()
                .filter(candidate -> candidate.getClass().getSimpleName().equals(form)).findFirst().orElseThrow();
        assertThat(Language.ENGLISH.question(question)).isEqualTo(english);
        assertThat(Language.GERMAN.question(question)).isEqualTo(german);
    }
}
