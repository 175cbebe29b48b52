package org.intarsia.picturebook;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** German words, with gender, case and the endings of adjectives. */
final class German extends Phrasebook {
    private enum Gender {
        MASCULINE, NEUTER
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
    private static final Map<Kind, Noun> NOUNS = new EnumMap<>(Map.of(
            Kind.CIRCLE, new Noun(Gender.MASCULINE, "Kreis", "Kreise"),
            Kind.SQUARE, new Noun(Gender.NEUTER, "Quadrat", "Quadrate"),
            Kind.TRIANGLE, new Noun(Gender.NEUTER, "Dreieck", "Dreiecke"),
            Kind.STAR, new Noun(Gender.MASCULINE, "Stern", "Sterne"),
            Kind.HEART, new Noun(Gender.NEUTER, "Herz", "Herzen", "Herzen"),
            Kind.HOUSE, new Noun(Gender.NEUTER, "Haus", "Häuser"),
            Kind.TREE, new Noun(Gender.MASCULINE, "Baum", "Bäume"),
            Kind.BOAT, new Noun(Gender.NEUTER, "Boot", "Boote")));
    private static final Map<Colour, Adjective> COLOURS = new EnumMap<>(Map.of(
            Colour.RED, new Adjective("rot", false), Colour.ORANGE, new Adjective("orange", true),
            Colour.YELLOW, new Adjective("gelb", false), Colour.GREEN, new Adjective("grün", false),
            Colour.BLUE, new Adjective("blau", false), Colour.PURPLE, new Adjective("violett", false),
            Colour.PINK, new Adjective("rosa", true), Colour.WHITE, new Adjective("weiß", false)));
    private static final Map<Size, Adjective> SIZES = new EnumMap<>(Map.of(
            Size.SMALL, new Adjective("klein", false), Size.BIG, new Adjective("groß", false)));

    @Override
    String indefinite(Pattern thing, Case grammaticalCase) {
        Gender gender = NOUNS.get(thing.kind()).gender();
        String article = switch (grammaticalCase) {
            case NOMINATIVE -> "ein";
            case ACCUSATIVE -> gender == Gender.MASCULINE ? "einen" : "ein";
            case DATIVE -> "einem";
        };
        String ending = switch (grammaticalCase) {
            case NOMINATIVE -> gender == Gender.MASCULINE ? "er" : "es";
            case ACCUSATIVE -> gender == Gender.MASCULINE ? "en" : "es";
            case DATIVE -> "en";
        };
        return article + " " + named(thing, ending, noun(thing, grammaticalCase));
    }

    private String definite(Pattern thing, Case grammaticalCase) {
        Gender gender = NOUNS.get(thing.kind()).gender();
        String article = switch (grammaticalCase) {
            case NOMINATIVE -> gender == Gender.MASCULINE ? "der" : "das";
            case ACCUSATIVE -> gender == Gender.MASCULINE ? "den" : "das";
            case DATIVE -> "dem";
        };
        return article + " " + afterArticle(thing, grammaticalCase);
    }

    /** What follows a definite article. */
    private String afterArticle(Pattern thing, Case grammaticalCase) {
        boolean masculine = NOUNS.get(thing.kind()).gender() == Gender.MASCULINE;
        String ending = switch (grammaticalCase) {
            case NOMINATIVE -> "e";
            case ACCUSATIVE -> masculine ? "en" : "e";
            case DATIVE -> "en";
        };
        return named(thing, ending, noun(thing, grammaticalCase));
    }

    /** "links vom Stern", "über dem Stern": both genders have "dem" in the dative, and "von dem" is "vom". */
    private String besideThe(Relation relation, Pattern other) {
        String article = switch (relation) {
            case LEFT_OF -> "links vom ";
            case RIGHT_OF -> "rechts vom ";
            case ABOVE -> "über dem ";
            case BELOW -> "unter dem ";
        };
        return article + afterArticle(other, Case.DATIVE);
    }

    @Override
    String plural(Pattern things) {
        return named(things, "e", NOUNS.get(things.kind()).plural());
    }

    @Override
    String name(Pattern pattern) {
        return named(pattern, "e", NOUNS.get(pattern.kind()).singular());
    }

    private static String noun(Pattern thing, Case grammaticalCase) {
        Noun noun = NOUNS.get(thing.kind());
        return grammaticalCase == Case.DATIVE ? noun.dative() : noun.singular();
    }

    private static String named(Pattern thing, String ending, String noun) {
        StringJoiner name = new StringJoiner(" ");
        thing.size().ifPresent(size -> name.add(SIZES.get(size).with(ending)));
        thing.colour().ifPresent(colour -> name.add(COLOURS.get(colour).with(ending)));
        return name.add(noun).toString();
    }

    @Override
    String number(int count) {
        return NUMBERS.get(count);
    }

    @Override
    String relation(Relation relation) {
        return switch (relation) {
            case LEFT_OF -> "links von";
            case RIGHT_OF -> "rechts von";
            case ABOVE -> "über";
            case BELOW -> "unter";
        };
    }

    @Override
    String background(Background background) {
        return switch (background) {
            case DAY -> "bei Tag";
            case NIGHT -> "bei Nacht";
            case MEADOW -> "auf einer Wiese";
            case SEA -> "auf dem Meer";
        };
    }

    @Override
    String and() {
        return "und";
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
            case Question.WhatIs(Colour colour) -> "was ist " + COLOURS.get(colour).word() + "?";
            case Question.Where(Pattern thing) -> "wo ist " + definite(thing, Case.NOMINATIVE) + "?";
            case Question.IsThere(Pattern things) -> "gibt es " + indefinite(things, Case.ACCUSATIVE) + "?";
            case Question.IsIt(Background background) -> switch (background) {
                case DAY -> "ist es Tag?";
                case NIGHT -> "ist es Nacht?";
                case MEADOW -> "ist es auf einer Wiese?";
                case SEA -> "ist es auf dem Meer?";
            };
        };
    }

    @Override
    String answer(Answer answer) {
        return switch (answer) {
            case Answer.OfColour(Colour colour) -> COLOURS.get(colour).word();
            case Answer.OfSize(Size size) -> SIZES.get(size).word();
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
                    "mach " + definite(thing, Case.ACCUSATIVE) + " " + COLOURS.get(colour).word();
            case Edit.Replace(Pattern thing, Pattern by) ->
                    "ersetze " + definite(thing, Case.ACCUSATIVE) + " durch " + indefinite(by, Case.ACCUSATIVE);
            case Edit.Remove(Pattern thing) -> "entferne " + definite(thing, Case.ACCUSATIVE);
            case Edit.Add(Pattern thing, var placement) -> "füge " + indefinite(thing, Case.ACCUSATIVE)
                    + placement.map(p -> " " + besideThe(p.relation(), p.other())).orElse("") + " hinzu";
            case Edit.Move(Pattern thing, Relation towards) ->
                    "verschiebe " + definite(thing, Case.ACCUSATIVE) + " nach " + switch (towards) {
                        case LEFT_OF -> "links";
                        case RIGHT_OF -> "rechts";
                        case ABOVE -> "oben";
                        case BELOW -> "unten";
                    };
            case Edit.ChangeBackground(Background background) -> switch (background) {
                case DAY -> "lass es Tag werden";
                case NIGHT -> "lass es Nacht werden";
                case MEADOW -> "setz es auf eine Wiese";
                case SEA -> "setz es auf das Meer";
            };
        };
    }

    @Override
    Map<String, Kind> nouns() {
        Map<String, Kind> forms = new HashMap<>();
        NOUNS.forEach((kind, noun) -> {
            for (String form : List.of(noun.singular(), noun.dative(), noun.plural())) {
                forms.put(form.toLowerCase(Locale.ROOT), kind);
            }
        });
        return forms;
    }

    @Override
    Map<String, Colour> colours() {
        return forms(COLOURS);
    }

    @Override
    Map<String, Size> sizes() {
        return forms(SIZES);
    }

    private static <T> Map<String, T> forms(Map<T, Adjective> adjectives) {
        Map<String, T> forms = new HashMap<>();
        adjectives.forEach((meaning, adjective) -> {
            for (String ending : ENDINGS) {
                forms.put(adjective.with(ending), meaning);
            }
        });
        return forms;
    }

    @Override
    List<String> articles() {
        return List.of("ein", "einen", "einem");
    }
}
