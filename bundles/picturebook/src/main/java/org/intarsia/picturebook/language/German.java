package org.intarsia.picturebook.language;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.intarsia.picturebook.meaning.Answer;
import org.intarsia.picturebook.meaning.Edit;
import org.intarsia.picturebook.meaning.Quarter;
import org.intarsia.picturebook.meaning.Question;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.World;

/** German words, with gender, case and the endings of adjectives. */
final class German extends Phrasebook {
    private enum Gender {
        MASCULINE, FEMININE, NEUTER
    }

    /** @param dative the singular of the dative; in the other cases the singular has one form */
    private record Noun(Gender gender, String singular, String dative, String plural) {
        Noun(Gender gender, String singular, String plural) {
            this(gender, singular, singular, plural);
        }
    }

    /** @param invariable whether the word never takes an ending ("ein rosa Stern") */
    private record Adjective(String word, boolean invariable) {
        String with(String ending) {
            return invariable ? word : word + ending;
        }
    }

    private static final List<String> NUMBERS = List.of("keine", "eins", "zwei", "drei", "vier");
    private static final List<String> ENDINGS = List.of("", "e", "er", "es", "en", "em");
    private static final Noun THING = new Noun(Gender.NEUTER, "Ding", "Dinge");
    private static final Map<Kind, List<Noun>> NOUNS = new EnumMap<>(Kind.class);
    private static final Map<Colour, List<Adjective>> COLOURS = new EnumMap<>(Colour.class);
    private static final Map<Size, List<Adjective>> SIZES = new EnumMap<>(Map.of(
            Size.SMALL, List.of(new Adjective("klein", false), new Adjective("winzig", false)),
            Size.BIG, List.of(new Adjective("groß", false), new Adjective("riesig", false))));

    static {
        for (Kind kind : Kind.values()) {
            NOUNS.put(kind, switch (kind) {
                case CIRCLE -> List.of(masculine("Kreis", "Kreise"));
                case SQUARE -> List.of(neuter("Quadrat", "Quadrate"), neuter("Viereck", "Vierecke"));
                case TRIANGLE -> List.of(neuter("Dreieck", "Dreiecke"));
                case STAR -> List.of(masculine("Stern", "Sterne"));
                case HEART -> List.of(new Noun(Gender.NEUTER, "Herz", "Herzen", "Herzen"));
                case HOUSE -> List.of(neuter("Haus", "Häuser"));
                case TREE -> List.of(masculine("Baum", "Bäume"), feminine("Tanne", "Tannen"));
                case BOAT -> List.of(neuter("Boot", "Boote"), neuter("Schiff", "Schiffe"));
                case CROSS -> List.of(neuter("Kreuz", "Kreuze"));
                case CLOUD -> List.of(feminine("Wolke", "Wolken"));
                case MUSHROOM -> List.of(masculine("Pilz", "Pilze"));
                case FISH -> List.of(masculine("Fisch", "Fische"));
                case CAR -> List.of(neuter("Auto", "Autos"), masculine("Wagen", "Wagen"));
                case FLOWER -> List.of(feminine("Blume", "Blumen"));
                case MOON -> List.of(masculine("Mond", "Monde"), feminine("Mondsichel", "Mondsicheln"));
                case ARROW -> List.of(masculine("Pfeil", "Pfeile"));
            });
        }
        for (Colour colour : Colour.values()) {
            COLOURS.put(colour, switch (colour) {
                case RED -> inflected("rot");
                case ORANGE -> invariable("orange");
                case YELLOW -> inflected("gelb");
                case GREEN -> inflected("grün");
                case BLUE -> inflected("blau");
                case PURPLE -> List.of(new Adjective("violett", false), new Adjective("lila", true));
                case PINK -> invariable("rosa");
                case WHITE -> inflected("weiß");
                case GREY -> inflected("grau");
                case OLIVE -> inflected("olivgrün");
                case LILAC -> inflected("fliederfarben");
                case LIME -> inflected("limettengrün");
                case TURQUOISE -> List.of(new Adjective("türkis", false), new Adjective("türkisfarben", false));
                case BLACK -> inflected("schwarz");
                case BROWN -> inflected("braun");
                case MAGENTA -> invariable("magenta");
            });
        }
    }

    private static Noun masculine(String singular, String plural) {
        return new Noun(Gender.MASCULINE, singular, plural);
    }

    private static Noun feminine(String singular, String plural) {
        return new Noun(Gender.FEMININE, singular, plural);
    }

    private static Noun neuter(String singular, String plural) {
        return new Noun(Gender.NEUTER, singular, plural);
    }

    private static List<Adjective> inflected(String word) {
        return List.of(new Adjective(word, false));
    }

    private static List<Adjective> invariable(String word) {
        return List.of(new Adjective(word, true));
    }

    German(IntUnaryOperator chooser) {
        super(chooser);
    }

    @Override
    String indefinite(Pattern thing, Case grammaticalCase) {
        Noun noun = noun(thing);
        String ending = switch (grammaticalCase) {
            case NOMINATIVE -> byGender(noun, "er", "e", "es");
            case ACCUSATIVE -> byGender(noun, "en", "e", "es");
            case DATIVE -> "en";
        };
        String article = switch (grammaticalCase) {
            case NOMINATIVE -> byGender(noun, "ein", "eine", "ein");
            case ACCUSATIVE -> byGender(noun, "einen", "eine", "ein");
            case DATIVE -> byGender(noun, "einem", "einer", "einem");
        };
        String whole = article + " " + named(thing, ending, form(noun, grammaticalCase));
        if (thing.kind().isEmpty() && thing.size().isEmpty() && grammaticalCase != Case.DATIVE) {
            String colour = thing.colour().map(said -> choose(COLOURS.get(said)).with("es")).orElse("");
            return choose(whole, "etwas " + colour.substring(0, 1).toUpperCase(Locale.ROOT) + colour.substring(1));
        }
        // The strong ending of "großer Stern" is that of "ein großer Stern", but in the dative.
        return grammaticalCase == Case.DATIVE ? whole
                : choose(whole, whole, whole, named(thing, ending, form(noun, grammaticalCase)));
    }

    @Override
    String definite(Pattern thing, Case grammaticalCase) {
        Noun noun = noun(thing);
        String article = switch (grammaticalCase) {
            case NOMINATIVE -> byGender(noun, "der", "die", "das");
            case ACCUSATIVE -> byGender(noun, "den", "die", "das");
            case DATIVE -> byGender(noun, "dem", "der", "dem");
        };
        return article + " " + afterArticle(thing, noun, grammaticalCase);
    }

    /** What follows a definite article. */
    private String afterArticle(Pattern thing, Noun noun, Case grammaticalCase) {
        String ending = switch (grammaticalCase) {
            case NOMINATIVE -> "e";
            case ACCUSATIVE -> byGender(noun, "en", "e", "e");
            case DATIVE -> "en";
        };
        return named(thing, ending, form(noun, grammaticalCase));
    }

    private static String byGender(Noun noun, String masculine, String feminine, String neuter) {
        return switch (noun.gender()) {
            case MASCULINE -> masculine;
            case FEMININE -> feminine;
            case NEUTER -> neuter;
        };
    }

    /** "links vom Stern", "links von der Blume", "über dem Stern". */
    @Override
    String besideThe(Relation relation, Pattern other) {
        Noun noun = noun(other);
        String article = switch (relation) {
            case LEFT_OF -> byGender(noun, "links vom ", "links von der ", "links vom ");
            case RIGHT_OF -> byGender(noun, "rechts vom ", "rechts von der ", "rechts vom ");
            case ABOVE -> byGender(noun, "über dem ", "über der ", "über dem ");
            case BELOW -> byGender(noun, "unter dem ", "unter der ", "unter dem ");
        };
        return article + afterArticle(other, noun, Case.DATIVE);
    }

    @Override
    String besideIt(Relation relation) {
        return switch (relation) {
            case LEFT_OF -> choose("links daneben", "auf der linken Seite");
            case RIGHT_OF -> choose("rechts daneben", "auf der rechten Seite");
            case ABOVE -> "darüber";
            case BELOW -> "darunter";
        };
    }

    @Override
    String plural(Pattern things) {
        return named(things, "e", noun(things).plural());
    }

    @Override
    String name(Pattern pattern) {
        return named(pattern, "e", noun(pattern).singular());
    }

    private Noun noun(Pattern pattern) {
        return pattern.kind().map(kind -> choose(NOUNS.get(kind))).orElse(THING);
    }

    private static String form(Noun noun, Case grammaticalCase) {
        return grammaticalCase == Case.DATIVE ? noun.dative() : noun.singular();
    }

    private String named(Pattern thing, String ending, String noun) {
        StringJoiner name = new StringJoiner(" ");
        thing.size().ifPresent(size -> name.add(choose(SIZES.get(size)).with(ending)));
        thing.colour().ifPresent(colour -> name.add(choose(COLOURS.get(colour)).with(ending)));
        return name.add(noun).toString();
    }

    @Override
    String number(int count) {
        return NUMBERS.get(count);
    }

    @Override
    String relation(Relation relation) {
        return switch (relation) {
            case LEFT_OF -> choose("links von", "links neben");
            case RIGHT_OF -> choose("rechts von", "rechts neben");
            case ABOVE -> choose("über", "oberhalb von");
            case BELOW -> choose("unter", "unterhalb von");
        };
    }

    @Override
    String direction(Relation towards) {
        return switch (towards) {
            case LEFT_OF -> "nach links";
            case RIGHT_OF -> "nach rechts";
            case ABOVE -> choose("nach oben", "höher");
            case BELOW -> choose("nach unten", "tiefer");
        };
    }

    @Override
    String background(Background background) {
        return switch (background) {
            case DAY -> choose("bei Tag", "am Tag", "tagsüber", "bei Tageslicht");
            case NIGHT -> choose("bei Nacht", "in der Nacht", "nachts", "im Dunkeln");
            case MEADOW -> choose("auf einer Wiese", "auf der Wiese", "im Gras");
            case SEA -> choose("auf dem Meer", "am Meer", "auf See", "auf dem Wasser");
            case SUNSET -> choose("bei Sonnenuntergang", "am Abend", "abends", "in der Dämmerung");
            case DESERT -> choose("in der Wüste", "in einer Wüste", "im Sand");
        };
    }

    @Override
    String colour(Colour colour) {
        return choose(COLOURS.get(colour)).word();
    }

    @Override
    String and() {
        return "und";
    }

    @Override
    String is(int count) {
        return count == 1 ? "ist" : "sind";
    }

    @Override
    String captionRequest() {
        return "beschreibe das Bild";
    }

    @Override
    String question(Question question) {
        return switch (question) {
            case Question.ColourOf(Pattern thing) -> "welche Farbe hat " + definite(thing, Case.NOMINATIVE) + "?";
            case Question.SizeOf(Pattern thing) -> "wie groß ist " + definite(thing, Case.NOMINATIVE) + "?";
            case Question.HowMany(Pattern things) -> "wie viele " + plural(things) + " gibt es?";
            case Question.HowManyThings() -> "wie viele Dinge gibt es?";
            case Question.WhatLies(Relation relation, Pattern other) -> "was ist " + besideThe(relation, other) + "?";
            case Question.WhatIs(Colour colour) -> "was ist " + colour(colour) + "?";
            case Question.Where(Pattern thing) -> "wo ist " + definite(thing, Case.NOMINATIVE) + "?";
            case Question.IsThere(Pattern things) -> "gibt es " + indefinite(things, Case.ACCUSATIVE) + "?";
            case Question.IsIt(Background background) -> switch (background) {
                case DAY -> "ist es Tag?";
                case NIGHT -> "ist es Nacht?";
                case MEADOW -> "ist es auf einer Wiese?";
                case SEA -> "ist es auf dem Meer?";
                case SUNSET -> "ist es Abend?";
                case DESERT -> "ist es in der Wüste?";
            };
        };
    }

    @Override
    String answer(Answer answer) {
        return switch (answer) {
            case Answer.OfColour(Colour colour) -> colour(colour);
            case Answer.OfSize(Size size) -> choose(SIZES.get(size)).word();
            case Answer.Number(int count) -> number(count);
            case Answer.Named(Pattern thing) -> indefinite(thing, Case.NOMINATIVE);
            case Answer.Truth(boolean yes) -> yes ? "ja" : "nein";
            case Answer.In(Quarter quarter) -> switch (quarter) {
                case TOP_LEFT -> "oben links";
                case TOP_RIGHT -> "oben rechts";
                case BOTTOM_LEFT -> "unten links";
                case BOTTOM_RIGHT -> "unten rechts";
            };
        };
    }

    @Override
    String instruction(Edit edit) {
        return switch (edit) {
            case Edit.Recolour(Pattern thing, Colour colour) ->
                    "mach " + definite(thing, Case.ACCUSATIVE) + " " + colour(colour);
            case Edit.Replace(Pattern thing, Pattern by) ->
                    "ersetze " + definite(thing, Case.ACCUSATIVE) + " durch " + indefinite(by, Case.ACCUSATIVE);
            case Edit.Remove(Pattern thing) -> "entferne " + definite(thing, Case.ACCUSATIVE);
            case Edit.Add(Pattern thing, var placement) -> "füge " + indefinite(thing, Case.ACCUSATIVE)
                    + placement.map(p -> " " + besideThe(p.relation(), p.other())).orElse("") + " hinzu";
            case Edit.Move(Pattern thing, Relation towards) ->
                    "verschiebe " + definite(thing, Case.ACCUSATIVE) + " " + direction(towards);
            case Edit.ChangeBackground(Background background) -> switch (background) {
                case DAY -> "lass es Tag werden";
                case NIGHT -> "lass es Nacht werden";
                case MEADOW -> "setz es auf eine Wiese";
                case SEA -> "setz es auf das Meer";
                case SUNSET -> "lass es Abend werden";
                case DESERT -> "setz es in die Wüste";
            };
        };
    }

    @Override
    Set<String> subjects(World world) {
        Set<String> words = new TreeSet<>(List.of("etwas"));
        Stream.concat(Stream.of(THING), world.kinds().stream().map(NOUNS::get).flatMap(List::stream))
                .flatMap(noun -> Stream.of(noun.singular(), noun.dative(), noun.plural(), noun.plural() + "n"))
                .map(word -> word.toLowerCase(Locale.ROOT)).forEach(words::add);
        Stream.concat(world.colours().stream().map(COLOURS::get), SIZES.values().stream()).flatMap(List::stream)
                .forEach(adjective -> ENDINGS.forEach(ending -> words.add(adjective.with(ending))));
        return words;
    }

    @Override
    Map<String, Optional<Kind>> nouns() {
        Map<String, Optional<Kind>> forms = new HashMap<>();
        NOUNS.forEach((kind, nouns) -> put(forms, nouns.getFirst(), Optional.of(kind)));
        put(forms, THING, Optional.empty());
        return forms;
    }

    private static void put(Map<String, Optional<Kind>> forms, Noun noun, Optional<Kind> kind) {
        for (String form : List.of(noun.singular(), noun.dative(), noun.plural())) {
            forms.put(form.toLowerCase(Locale.ROOT), kind);
        }
    }

    @Override
    Map<String, Colour> colours() {
        return forms(COLOURS);
    }

    @Override
    Map<String, Size> sizes() {
        return forms(SIZES);
    }

    private static <T> Map<String, T> forms(Map<T, List<Adjective>> adjectives) {
        Map<String, T> forms = new HashMap<>();
        adjectives.forEach((meaning, all) -> {
            for (String ending : ENDINGS) {
                forms.put(all.getFirst().with(ending), meaning);
            }
        });
        return forms;
    }

    @Override
    List<String> articles() {
        return List.of("ein", "eine", "einen", "einem", "einer");
    }
}
