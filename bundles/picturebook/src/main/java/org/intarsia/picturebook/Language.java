package org.intarsia.picturebook;

import java.util.Optional;

/**
 * The languages that the picture book speaks: from meaning to words, and from a description in words back to its
 * meaning. Every meaning has one canonical wording in each language. Safe to share between threads.
 */
public enum Language {
    ENGLISH("en", new English()), GERMAN("de", new German());

    private final String tag;
    private final Phrasebook phrasebook;
    private final Parser parser;

    Language(String tag, Phrasebook phrasebook) {
        this.tag = tag;
        this.phrasebook = phrasebook;
        this.parser = new Parser(phrasebook);
    }

    /** The language tag: {@code en}, {@code de}. */
    public String tag() {
        return tag;
    }

    /** "a red star left of a blue house at night". */
    public String sentence(Description description) {
        return phrasebook.sentence(description);
    }

    /** The sentence that says everything about a scene, which must not be empty. */
    public String caption(Scene scene) {
        return sentence(Description.of(scene));
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
    String name(Pattern pattern) {
        return phrasebook.name(pattern);
    }

    /** "left of". */
    String relation(Relation relation) {
        return phrasebook.relation(relation);
    }

    /** "at night". */
    String background(Background background) {
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
