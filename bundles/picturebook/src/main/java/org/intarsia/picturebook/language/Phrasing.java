package org.intarsia.picturebook.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import org.intarsia.picturebook.language.Phrasebook.Case;
import org.intarsia.picturebook.meaning.Description;
import org.intarsia.picturebook.meaning.Edit;
import org.intarsia.picturebook.meaning.Group;
import org.intarsia.picturebook.meaning.Question;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Dice;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;

/**
 * Says things as people do: in one of many sentence patterns, with capitals or without, now and then with a typing error.
 *
 * <p>Patterns are lines {@code form: pattern} of a resource. {@code (a|b|)} stands for one of its alternatives,
 * {@code {slot}} for the words of the meaning. A pattern with {@code {ground}} serves only where a background is said; in
 * others the background follows the things. A pattern with {@code {one}} serves only where two things are related.
 *
 * <p>In front of a sentence, or behind it, come now and then words that say nothing of a picture: those of the form
 * {@code filler}, and others that no language has. So a model learns to pass over what it does not know.
 *
 * <p>{@link Language} makes phrasings. Each takes its choices from the dice that it was given: for one thread at a time.
 */
public final class Phrasing {
    private static final double FIRST_CAPITAL = 0.35;
    private static final double ALL_SMALL = 0.12;
    private static final double ALL_CAPITALS = 0.02;
    private static final double FINAL_STOP = 0.25;
    private static final double TYPING_ERROR = 0.06;
    private static final double FILLED = 0.3;
    private static final double FILLED_BEHIND = 0.35;
    private static final double MADE_UP = 0.5;
    private static final int MOST_FILLERS = 5;
    private static final String CONSONANTS = "bcdfghjklmnprstvwz";
    private static final String VOWELS = "aeiou";
    private static final java.util.regex.Pattern CHOICE = java.util.regex.Pattern.compile("\\(([^()]*)\\)");
    private static final java.util.regex.Pattern SLOT = java.util.regex.Pattern.compile("\\{([a-z.]+)}");

    private final Map<String, List<String>> patterns;
    private final Phrasebook words;
    private final Dice dice;

    /** @param words of the language; the phrasing chooses only the patterns */
    Phrasing(Map<String, List<String>> patterns, Phrasebook words, Dice dice) {
        this.patterns = patterns;
        this.words = words;
        this.dice = dice;
    }

    /** Reads the patterns of a resource by their form; empty lines and lines that begin with # say nothing. */
    static Map<String, List<String>> patterns(String resource) {
        try (InputStream stream = Phrasing.class.getResourceAsStream(resource)) {
            Map<String, List<String>> patterns = new LinkedHashMap<>();
            new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#")).forEach(line -> {
                        int colon = line.indexOf(": ");
                        patterns.computeIfAbsent(line.substring(0, colon), form -> new ArrayList<>())
                                .add(line.substring(colon + 2).strip());
                    });
            return patterns;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    /** Asks for a picture of the description. */
    public String prompt(Description description) {
        return finished(filled(plainPrompt(description)));
    }

    private String plainPrompt(Description description) {
        List<String> fitting = patterns.get("prompt").stream()
                .filter(line -> !line.contains("{ground}") || description.background().isPresent())
                .filter(line -> !line.contains("{one.") || description.relation().isPresent()).toList();
        String pattern = dice.pick(fitting);
        String ground = description.background().map(words::background).orElse("");
        String behind = ground.isEmpty() || pattern.contains("{ground}") ? "" : " " + ground;
        List<Group> groups = description.groups();
        return written(pattern, slot -> switch (slot) {
            case "nom" -> words.things(description, Case.NOMINATIVE) + behind;
            case "acc" -> words.things(description, Case.ACCUSATIVE) + behind;
            case "dat" -> words.things(description, Case.DATIVE) + behind;
            case "is" -> words.is(description.things());
            case "ground" -> ground;
            case "one.nom" -> words.group(groups.get(0), Case.NOMINATIVE) + behind;
            case "one.acc" -> words.group(groups.get(0), Case.ACCUSATIVE) + behind;
            case "one.dat" -> words.group(groups.get(0), Case.DATIVE);
            case "two.nom" -> words.group(groups.get(1), Case.NOMINATIVE);
            case "two.acc" -> words.group(groups.get(1), Case.ACCUSATIVE);
            case "two.dat" -> words.group(groups.get(1), Case.DATIVE);
            case "relation" -> words.relation(description.relation().orElseThrow());
            case "inverse" -> words.relation(description.relation().orElseThrow().inverse());
            case "it" -> words.besideIt(description.relation().orElseThrow());
            default -> throw unknown(slot);
        });
    }

    /** Asks for a description of a picture. */
    public String captionRequest() {
        return finished(written(dice.pick(patterns.get("caption")), slot -> {
            throw unknown(slot);
        }));
    }

    /** Asks a question. */
    public String question(Question question) {
        String form = question.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        if (!patterns.containsKey(form)) {
            return finished(words.question(question));
        }
        return finished(written(dice.pick(patterns.get(form)), slot -> switch (question) {
            case Question.ColourOf(Pattern thing) -> thing(slot, thing);
            case Question.SizeOf(Pattern thing) -> thing(slot, thing);
            case Question.Where(Pattern thing) -> thing(slot, thing);
            case Question.HowMany(Pattern things) -> thing(slot, things);
            case Question.IsThere(Pattern things) -> thing(slot, things);
            case Question.WhatLies(Relation relation, Pattern other) -> words.besideThe(relation, other);
            case Question.WhatIs(Colour colour) -> words.colour(colour);
            case Question.IsIt(Background background) -> words.background(background);
            case Question.HowManyThings() -> throw unknown(slot);
        }));
    }

    /** Asks for an edit. */
    public String instruction(Edit edit) {
        return finished(filled(plainInstruction(edit)));
    }

    private String plainInstruction(Edit edit) {
        String form = edit.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        return written(dice.pick(patterns.get(form)), slot -> switch (edit) {
            case Edit.Recolour(Pattern thing, Colour colour) -> slot.equals("colour") ? words.colour(colour) : thing(slot, thing);
            case Edit.Replace(Pattern thing, Pattern by) ->
                    slot.startsWith("by.") ? thing(slot.substring(3), by) : thing(slot, thing);
            case Edit.Remove(Pattern thing) -> thing(slot, thing);
            case Edit.Add(Pattern thing, var placement) -> slot.equals("beside")
                    ? placement.map(p -> words.besideThe(p.relation(), p.other())).orElse("") : thing(slot, thing);
            case Edit.Move(Pattern thing, Relation towards) ->
                    slot.equals("towards") ? words.direction(towards) : thing(slot, thing);
            case Edit.ChangeBackground(Background background) ->
                    slot.equals("canonical") ? words.instruction(edit) : words.background(background);
        });
    }

    private String thing(String slot, Pattern thing) {
        return switch (slot) {
            case "nom" -> words.indefinite(thing, Case.NOMINATIVE);
            case "acc" -> words.indefinite(thing, Case.ACCUSATIVE);
            case "dat" -> words.indefinite(thing, Case.DATIVE);
            case "the.nom" -> words.definite(thing, Case.NOMINATIVE);
            case "the.acc" -> words.definite(thing, Case.ACCUSATIVE);
            case "the.dat" -> words.definite(thing, Case.DATIVE);
            case "plural" -> words.plural(thing);
            default -> throw unknown(slot);
        };
    }

    private static IllegalStateException unknown(String slot) {
        return new IllegalStateException("no words for {" + slot + "} in this form of sentence");
    }

    /** Gives the words of a slot. */
    private interface Slots {
        String words(String slot);
    }

    private String written(String pattern, Slots slots) {
        String chosen = pattern;
        for (Matcher choice = CHOICE.matcher(chosen); choice.find(); choice = CHOICE.matcher(chosen)) {
            chosen = chosen.substring(0, choice.start()) + dice.pick(choice.group(1).split("\\|", -1)) + chosen.substring(choice.end());
        }
        StringBuilder text = new StringBuilder();
        int end = 0;
        for (MatchResult slot : SLOT.matcher(chosen).results().toList()) {
            text.append(chosen, end, slot.start()).append(slots.words(slot.group(1)));
            end = slot.end();
        }
        return text.append(chosen.substring(end)).toString().strip().replaceAll("\\s+", " ").replace(" ,", ",");
    }

    /** Puts words that say nothing before a sentence or behind it. */
    private String filled(String sentence) {
        if (!patterns.containsKey("filler") || !dice.chance(FILLED)) {
            return sentence;
        }
        StringJoiner fillers = new StringJoiner(" ");
        for (int count = 1 + dice.below(MOST_FILLERS); count > 0; count--) {
            fillers.add(dice.chance(MADE_UP) ? madeUp() : written(dice.pick(patterns.get("filler")), slot -> {
                throw unknown(slot);
            }));
        }
        return dice.chance(FILLED_BEHIND) ? sentence + dice.pick(new String[] {" ", ", "}) + fillers
                : fillers + dice.pick(new String[] {" ", " ", ", ", ": "}) + sentence;
    }

    /** A word of one to three syllables that means nothing. */
    private String madeUp() {
        StringBuilder word = new StringBuilder();
        for (int syllables = 1 + dice.below(3); syllables > 0; syllables--) {
            word.append(CONSONANTS.charAt(dice.below(CONSONANTS.length()))).append(VOWELS.charAt(dice.below(VOWELS.length())));
            if (dice.chance(0.5)) {
                word.append(CONSONANTS.charAt(dice.below(CONSONANTS.length())));
            }
        }
        return word.toString();
    }

    /** Puts capitals, a full stop and a typing error into a sentence. */
    private String finished(String sentence) {
        String text = dice.chance(TYPING_ERROR) ? mistyped(sentence) : sentence;
        if (dice.chance(FINAL_STOP)) {
            text = text.endsWith("?") || text.endsWith(".") || text.endsWith("!") ? text : text + dice.pick(new String[] {".", ".", "!"});
        } else if (text.endsWith(".") || dice.chance(0.3) && text.endsWith("?")) {
            text = text.substring(0, text.length() - 1);
        }
        double capitals = dice.below(1000) / 1000.0;
        if (capitals < FIRST_CAPITAL) {
            return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        }
        if (capitals < FIRST_CAPITAL + ALL_SMALL) {
            return text.toLowerCase(Locale.ROOT);
        }
        return capitals < FIRST_CAPITAL + ALL_SMALL + ALL_CAPITALS ? text.toUpperCase(Locale.ROOT) : text;
    }

    /** Swaps two letters of a longer word, or leaves one out, or doubles one; the first letter stays. */
    private String mistyped(String sentence) {
        String[] all = sentence.split(" ");
        int word = dice.below(all.length);
        String right = all[word];
        if (right.length() < 4 || !right.chars().allMatch(Character::isLetter)) {
            return sentence;
        }
        int at = 1 + dice.below(right.length() - 2);
        all[word] = switch (dice.below(3)) {
            case 0 -> right.substring(0, at) + right.charAt(at + 1) + right.charAt(at) + right.substring(at + 2);
            case 1 -> right.substring(0, at) + right.substring(at + 1);
            default -> right.substring(0, at) + right.charAt(at) + right.substring(at);
        };
        return String.join(" ", all);
    }
}
