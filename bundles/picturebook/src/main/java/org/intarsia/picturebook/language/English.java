package org.intarsia.picturebook.language;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
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

/** English words. */
final class English extends Phrasebook {
    private record Noun(String singular, String plural) {
        Noun(String singular) {
            this(singular, singular + "s");
        }
    }

    private static final List<String> NUMBERS = List.of("none", "one", "two", "three", "four");
    private static final Noun THING = new Noun("thing");
    private static final Map<Kind, List<Noun>> NOUNS = new EnumMap<>(Kind.class);
    private static final Map<Colour, List<String>> COLOURS = new EnumMap<>(Colour.class);
    private static final Map<Size, List<String>> SIZES = new EnumMap<>(Map.of(
            Size.SMALL, List.of("small", "little", "tiny"), Size.BIG, List.of("big", "large", "huge")));

    static {
        for (Kind kind : Kind.values()) {
            NOUNS.put(kind, switch (kind) {
                case CIRCLE -> List.of(new Noun("circle"), new Noun("disc"));
                case SQUARE -> List.of(new Noun("square"));
                case TRIANGLE -> List.of(new Noun("triangle"));
                case STAR -> List.of(new Noun("star"));
                case HEART -> List.of(new Noun("heart"));
                case HOUSE -> List.of(new Noun("house"), new Noun("home"));
                case TREE -> List.of(new Noun("tree"), new Noun("fir"));
                case BOAT -> List.of(new Noun("boat"), new Noun("ship"));
                case CROSS -> List.of(new Noun("cross", "crosses"));
                case CLOUD -> List.of(new Noun("cloud"));
                case MUSHROOM -> List.of(new Noun("mushroom"), new Noun("toadstool"));
                case FISH -> List.of(new Noun("fish", "fish"));
                case CAR -> List.of(new Noun("car"));
                case FLOWER -> List.of(new Noun("flower"));
                case MOON -> List.of(new Noun("moon"), new Noun("crescent"));
                case ARROW -> List.of(new Noun("arrow"));
            });
        }
        for (Colour colour : Colour.values()) {
            COLOURS.put(colour, switch (colour) {
                case RED -> List.of("red");
                case ORANGE -> List.of("orange");
                case YELLOW -> List.of("yellow");
                case GREEN -> List.of("green");
                case BLUE -> List.of("blue");
                case PURPLE -> List.of("purple", "violet");
                case PINK -> List.of("pink");
                case WHITE -> List.of("white");
                case GREY -> List.of("grey", "gray");
                case OLIVE -> List.of("olive");
                case LILAC -> List.of("lilac", "lavender");
                case LIME -> List.of("lime");
                case TURQUOISE -> List.of("turquoise");
                case BLACK -> List.of("black");
                case BROWN -> List.of("brown");
                case MAGENTA -> List.of("magenta");
            });
        }
    }

    English(IntUnaryOperator chooser) {
        super(chooser);
    }

    @Override
    String indefinite(Pattern thing, Case grammaticalCase) {
        if (thing.kind().isEmpty()) {
            String said = adjectives(thing);
            return choose(article(said) + said + " " + THING.singular(), "something " + said);
        }
        String name = name(thing);
        return choose(article(name) + name, article(name) + name, article(name) + name, "one " + name, name);
    }

    private static String article(String name) {
        return "aeiou".indexOf(name.charAt(0)) < 0 ? "a " : "an ";
    }

    @Override
    String definite(Pattern thing, Case grammaticalCase) {
        return "the " + name(thing);
    }

    @Override
    String besideThe(Relation relation, Pattern other) {
        return relation(relation) + " " + definite(other, Case.DATIVE);
    }

    @Override
    String besideIt(Relation relation) {
        return switch (relation) {
            case LEFT_OF -> choose("to its left", "on its left");
            case RIGHT_OF -> choose("to its right", "on its right");
            case ABOVE -> choose("above it", "over it");
            case BELOW -> choose("below it", "under it");
        };
    }

    @Override
    String plural(Pattern things) {
        return named(things, noun(things).plural());
    }

    @Override
    String name(Pattern pattern) {
        return named(pattern, noun(pattern).singular());
    }

    private Noun noun(Pattern pattern) {
        return pattern.kind().map(kind -> choose(NOUNS.get(kind))).orElse(THING);
    }

    private String named(Pattern pattern, String noun) {
        String said = adjectives(pattern);
        return said.isEmpty() ? noun : said + " " + noun;
    }

    private String adjectives(Pattern pattern) {
        StringJoiner said = new StringJoiner(" ");
        pattern.size().ifPresent(size -> said.add(choose(SIZES.get(size))));
        pattern.colour().ifPresent(colour -> said.add(colour(colour)));
        return said.toString();
    }

    @Override
    String number(int count) {
        return NUMBERS.get(count);
    }

    @Override
    String relation(Relation relation) {
        return switch (relation) {
            case LEFT_OF -> choose("left of", "to the left of", "on the left of");
            case RIGHT_OF -> choose("right of", "to the right of", "on the right of");
            case ABOVE -> choose("above", "over");
            case BELOW -> choose("below", "under", "beneath", "underneath");
        };
    }

    @Override
    String direction(Relation towards) {
        return switch (towards) {
            case LEFT_OF -> choose("left", "to the left");
            case RIGHT_OF -> choose("right", "to the right");
            case ABOVE -> choose("up", "upwards", "higher");
            case BELOW -> choose("down", "downwards", "lower");
        };
    }

    @Override
    String background(Background background) {
        return switch (background) {
            case DAY -> choose("by day", "during the day", "in daylight", "in the daytime");
            case NIGHT -> choose("at night", "by night", "in the night", "in the dark");
            case MEADOW -> choose("on a meadow", "on the meadow", "in a meadow", "on the grass");
            case SEA -> choose("on the sea", "at sea", "by the sea", "on the water");
            case SUNSET -> choose("at sunset", "in the evening", "at dusk", "during sunset");
            case DESERT -> choose("in the desert", "in a desert", "on the sand");
        };
    }

    @Override
    String colour(Colour colour) {
        return choose(COLOURS.get(colour));
    }

    @Override
    String and() {
        return "and";
    }

    @Override
    String is(int count) {
        return count == 1 ? "is" : "are";
    }

    @Override
    String captionRequest() {
        return "describe the picture";
    }

    @Override
    String question(Question question) {
        return switch (question) {
            case Question.ColourOf(Pattern thing) -> "what colour is " + definite(thing, Case.NOMINATIVE) + "?";
            case Question.SizeOf(Pattern thing) -> "how big is " + definite(thing, Case.NOMINATIVE) + "?";
            case Question.HowMany(Pattern things) -> "how many " + plural(things) + " are there?";
            case Question.HowManyThings() -> "how many things are there?";
            case Question.WhatLies(Relation relation, Pattern other) -> "what is " + besideThe(relation, other) + "?";
            case Question.WhatIs(Colour colour) -> "what is " + colour(colour) + "?";
            case Question.Where(Pattern thing) -> "where is " + definite(thing, Case.NOMINATIVE) + "?";
            case Question.IsThere(Pattern things) -> "is there " + indefinite(things, Case.NOMINATIVE) + "?";
            case Question.IsIt(Background background) -> switch (background) {
                case DAY -> "is it day?";
                case NIGHT -> "is it night?";
                case MEADOW -> "is it on a meadow?";
                case SEA -> "is it on the sea?";
                case SUNSET -> "is it sunset?";
                case DESERT -> "is it in the desert?";
            };
        };
    }

    @Override
    String answer(Answer answer) {
        return switch (answer) {
            case Answer.OfColour(Colour colour) -> colour(colour);
            case Answer.OfSize(Size size) -> choose(SIZES.get(size));
            case Answer.Number(int count) -> number(count);
            case Answer.Named(Pattern thing) -> indefinite(thing, Case.NOMINATIVE);
            case Answer.Truth(boolean yes) -> yes ? "yes" : "no";
            case Answer.In(Quarter quarter) -> switch (quarter) {
                case TOP_LEFT -> "top left";
                case TOP_RIGHT -> "top right";
                case BOTTOM_LEFT -> "bottom left";
                case BOTTOM_RIGHT -> "bottom right";
            };
        };
    }

    @Override
    String instruction(Edit edit) {
        return switch (edit) {
            case Edit.Recolour(Pattern thing, Colour colour) ->
                    "make " + definite(thing, Case.ACCUSATIVE) + " " + colour(colour);
            case Edit.Replace(Pattern thing, Pattern by) ->
                    "replace " + definite(thing, Case.ACCUSATIVE) + " with " + indefinite(by, Case.ACCUSATIVE);
            case Edit.Remove(Pattern thing) -> "remove " + definite(thing, Case.ACCUSATIVE);
            case Edit.Add(Pattern thing, var placement) -> "add " + indefinite(thing, Case.ACCUSATIVE)
                    + placement.map(p -> " " + besideThe(p.relation(), p.other())).orElse("");
            case Edit.Move(Pattern thing, Relation towards) ->
                    "move " + definite(thing, Case.ACCUSATIVE) + " " + direction(towards);
            case Edit.ChangeBackground(Background background) -> switch (background) {
                case DAY -> "make it day";
                case NIGHT -> "make it night";
                case MEADOW -> "put it on a meadow";
                case SEA -> "put it on the sea";
                case SUNSET -> "make it sunset";
                case DESERT -> "put it in the desert";
            };
        };
    }

    @Override
    Set<String> subjects(World world) {
        Set<String> words = new TreeSet<>(List.of("something", THING.singular(), THING.plural()));
        world.kinds().forEach(kind -> NOUNS.get(kind).forEach(noun -> words.addAll(List.of(noun.singular(), noun.plural()))));
        world.colours().forEach(colour -> words.addAll(COLOURS.get(colour)));
        SIZES.values().forEach(words::addAll);
        return words;
    }

    @Override
    Map<String, Optional<Kind>> nouns() {
        Map<String, Optional<Kind>> forms = new HashMap<>();
        NOUNS.forEach((kind, nouns) -> {
            forms.put(nouns.getFirst().singular(), Optional.of(kind));
            forms.put(nouns.getFirst().plural(), Optional.of(kind));
        });
        forms.put(THING.singular(), Optional.empty());
        forms.put(THING.plural(), Optional.empty());
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

    private static <T> Map<String, T> forms(Map<T, List<String>> words) {
        Map<String, T> forms = new HashMap<>();
        words.forEach((meaning, all) -> forms.put(all.getFirst(), meaning));
        return forms;
    }

    @Override
    List<String> articles() {
        return List.of("a", "an", "one");
    }
}
