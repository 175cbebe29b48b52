package org.intarsia.picturebook.language;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.intarsia.picturebook.meaning.Answer;
import org.intarsia.picturebook.meaning.Description;
import org.intarsia.picturebook.meaning.Edit;
import org.intarsia.picturebook.meaning.Question;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Dice;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.World;

/**
 * The languages that the picture book speaks: from meaning to words, and from a description in words back to its
 * meaning. Every meaning has one canonical wording in each language. Safe to share between threads.
 */
public enum Language {
    ENGLISH("en", English::new), GERMAN("de", German::new);

    private static final double SYNONYM = 0.4;
    private static final int MOST_SYNONYMS = 4;

    private final String tag;
    private final Function<IntUnaryOperator, Phrasebook> phrasebooks;
    private final Phrasebook phrasebook;
    private final Parser parser;
    private final Map<String, List<String>> grammar;
    private final Map<String, List<String>> apart;

    Language(String tag, Function<IntUnaryOperator, Phrasebook> phrasebooks) {
        this.tag = tag;
        this.phrasebooks = phrasebooks;
        this.phrasebook = phrasebooks.apply(Phrasebook.CANONICAL);
        this.parser = new Parser(phrasebook);
        this.grammar = Phrasing.patterns("/grammar/" + tag + ".txt");
        this.apart = Phrasing.patterns("/phrasings/" + tag + ".txt");
    }

    /** The language tag: {@code en}, {@code de}. */
    public String tag() {
        return tag;
    }

    /** Free words for training, in patterns and with synonyms that the dice choose. */
    public Phrasing phrasing(Dice dice) {
        return new Phrasing(grammar, phrasebooks.apply(count -> dice.chance(SYNONYM) ? dice.below(count) : 0), dice);
    }

    /** Free words for tests: canonical words in patterns that training never shows. */
    public Phrasing phrasingApart(Dice dice) {
        return new Phrasing(apart, phrasebook, dice);
    }

    /** Every word, in small letters, that says what a picture of this world shall show, wherever it is. */
    public Set<String> subjects(World world) {
        Set<String> words = new TreeSet<>(phrasebook.subjects(world));
        // Background phrases have few synonyms; the last word of each is the one that says it.
        for (int synonym = 0; synonym < MOST_SYNONYMS; synonym++) {
            int chosen = synonym;
            Phrasebook synonyms = phrasebooks.apply(count -> Math.min(chosen, count - 1));
            world.backgrounds().forEach(background -> {
                String phrase = synonyms.background(background).toLowerCase(Locale.ROOT);
                words.add(phrase.substring(phrase.lastIndexOf(' ') + 1));
            });
        }
        return words;
    }

    /** "a red star left of a blue house at night". */
    public String sentence(Description description) {
        return phrasebook.sentence(description);
    }

    /** The sentence that says everything about a scene, which must not be empty. */
    public String caption(Scene scene, World world) {
        return sentence(Description.of(scene, world));
    }

    /** What to ask for a {@link #caption}: "describe the picture". */
    public String captionRequest() {
        return phrasebook.captionRequest();
    }

    /** "what colour is the star?". */
    public String question(Question question) {
        return phrasebook.question(question);
    }

    /** "green", "two", "a red star", "top left", "yes". */
    public String answer(Answer answer) {
        return phrasebook.answer(answer);
    }

    /** "make the star green". */
    public String instruction(Edit edit) {
        return phrasebook.instruction(edit);
    }

    /** The bare name of a thing for messages: "small red star". */
    public String name(Pattern pattern) {
        return phrasebook.name(pattern);
    }

    /** "left of". */
    public String relation(Relation relation) {
        return phrasebook.relation(relation);
    }

    /** "at night". */
    public String background(Background background) {
        return phrasebook.background(background);
    }

    /**
     * Understands a sentence of the form that {@link #sentence} makes; capital letters and a final full stop are of no
     * matter.
     *
     * @return empty if the sentence is not of that form
     */
    public Optional<Description> parse(String sentence) {
        return parser.parse(sentence);
    }
}
