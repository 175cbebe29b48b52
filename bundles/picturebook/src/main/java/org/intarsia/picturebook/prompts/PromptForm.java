package org.intarsia.picturebook.prompts;

/** The forms of the six tasks of GenEval (Ghosh, Hajishirzi and Schmidt, 2023), told in things of the painted world. */
public enum PromptForm {
    /** "a star". */
    SINGLE_OBJECT("single object"),
    /** "a star and a house". */
    TWO_OBJECTS("two objects"),
    /** "three stars", "two blue circles". */
    COUNTING("counting"),
    /** "a red star". */
    COLOURS("colours"),
    /** "a star left of a house", "a red star left of a blue house". */
    POSITION("position"),
    /** "a red star and a blue house". */
    COLOUR_ATTRIBUTION("colour attribution");

    private final String title;

    PromptForm(String title) {
        this.title = title;
    }

    /** The name of the task in a score table. */
    public String title() {
        return title;
    }
}
