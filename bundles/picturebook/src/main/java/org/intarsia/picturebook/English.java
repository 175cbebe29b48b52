package org.intarsia.picturebook;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** English words. */
final class English extends Phrasebook {
    private static final List<String> NUMBERS = List.of("none", "one", "two", "three", "four");
    private static final Map<Kind, String> NOUNS = new EnumMap<>(Map.of(
            Kind.CIRCLE, "circle", Kind.SQUARE, "square", Kind.TRIANGLE, "triangle", Kind.STAR, "star",
            Kind.HEART, "heart", Kind.HOUSE, "house", Kind.TREE, "tree", Kind.BOAT, "boat"));
    private static final Map<Colour, String> COLOURS = new EnumMap<>(Map.of(
            Colour.RED, "red", Colour.ORANGE, "orange", Colour.YELLOW, "yellow", Colour.GREEN, "green",
            Colour.BLUE, "blue", Colour.PURPLE, "purple", Colour.PINK, "pink", Colour.WHITE, "white"));
    private static final Map<Size, String> SIZES = new EnumMap<>(Map.of(Size.SMALL, "small", Size.BIG, "big"));

    @Override
    String indefinite(Pattern thing, Case grammaticalCase) {
        String name = name(thing);
        return ("aeiou".indexOf(name.charAt(0)) < 0 ? "a " : "an ") + name;
    }

    private String definite(Pattern thing) {
        return "the " + name(thing);
    }

    @Override
    String plural(Pattern things) {
        return name(things) + "s";
    }

    @Override
    String name(Pattern pattern) {
        StringJoiner name = new StringJoiner(" ");
        pattern.size().ifPresent(size -> name.add(SIZES.get(size)));
        pattern.colour().ifPresent(colour -> name.add(COLOURS.get(colour)));
        return name.add(NOUNS.get(pattern.kind())).toString();
    }

    @Override
    String number(int count) {
        return NUMBERS.get(count);
    }

    @Override
    String relation(Relation relation) {
        return switch (relation) {
            case LEFT_OF -> "left of";
            case RIGHT_OF -> "right of";
            case ABOVE -> "above";
            case BELOW -> "below";
        };
    }

    @Override
    String background(Background background) {
        return switch (background) {
            case DAY -> "by day";
            case NIGHT -> "at night";
            case MEADOW -> "on a meadow";
            case SEA -> "on the sea";
        };
    }

    @Override
    String and() {
        return "and";
    }

    @Override
    String captionRequest() {
        return "describe the picture";
    }

    @Override
    String question(Question question) {
        return switch (question) {
            case Question.ColourOf(Pattern thing) -> "what colour is " + definite(thing) + "?";
            case Question.SizeOf(Pattern thing) -> "how big is " + definite(thing) + "?";
            case Question.HowMany(Pattern things) -> "how many " + plural(things) + " are there?";
            case Question.HowManyThings() -> "how many things are there?";
            case Question.WhatLies(Relation relation, Pattern other) ->
                    "what is " + relation(relation) + " " + definite(other) + "?";
            case Question.WhatIs(Colour colour) -> "what is " + COLOURS.get(colour) + "?";
            case Question.Where(Pattern thing) -> "where is " + definite(thing) + "?";
            case Question.IsThere(Pattern things) -> "is there " + indefinite(things, Case.NOMINATIVE) + "?";
            case Question.IsIt(Background background) -> switch (background) {
                case DAY -> "is it day?";
                case NIGHT -> "is it night?";
                case MEADOW -> "is it on a meadow?";
                case SEA -> "is it on the sea?";
            };
        };
    }

    @Override
    String answer(Answer answer) {
        return switch (answer) {
            case Answer.OfColour(Colour colour) -> COLOURS.get(colour);
            case Answer.OfSize(Size size) -> SIZES.get(size);
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
            case Edit.Recolour(Pattern thing, Colour colour) -> "make " + definite(thing) + " " + COLOURS.get(colour);
            case Edit.Replace(Pattern thing, Pattern by) ->
                    "replace " + definite(thing) + " with " + indefinite(by, Case.ACCUSATIVE);
            case Edit.Remove(Pattern thing) -> "remove " + definite(thing);
            case Edit.Add(Pattern thing, var placement) -> "add " + indefinite(thing, Case.ACCUSATIVE)
                    + placement.map(p -> " " + relation(p.relation()) + " " + definite(p.other())).orElse("");
            case Edit.Move(Pattern thing, Relation towards) -> "move " + definite(thing) + " " + switch (towards) {
                case LEFT_OF -> "left";
                case RIGHT_OF -> "right";
                case ABOVE -> "up";
                case BELOW -> "down";
            };
            case Edit.ChangeBackground(Background background) -> switch (background) {
                case DAY -> "make it day";
                case NIGHT -> "make it night";
                case MEADOW -> "put it on a meadow";
                case SEA -> "put it on the sea";
            };
        };
    }

    @Override
    Map<String, Kind> nouns() {
        Map<String, Kind> forms = new HashMap<>();
        NOUNS.forEach((kind, word) -> {
            forms.put(word, kind);
            forms.put(word + "s", kind);
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

    private static <T> Map<String, T> forms(Map<T, String> words) {
        Map<String, T> forms = new HashMap<>();
        words.forEach((meaning, word) -> forms.put(word, meaning));
        return forms;
    }

    @Override
    List<String> articles() {
        return List.of("a", "an", "one");
    }
}
