package org.intarsia.picturebook.grading;

/**
 * Something wrong with what a model made.
 *
 * @param reason one sentence for people
 */
public record Fault(Type type, String reason) {
    /** What kind of mistake it is. */
    public enum Type {
        /** The picture has not the size of the world. */
        PICTURE_SIZE,
        /** Something in the picture is no thing of this world. */
        STRAY,
        /** Too many or too few things. */
        COUNT,
        KIND, COLOUR, SIZE,
        /** The things lie differently to one another, or a thing stands where it should not. */
        PLACE,
        BACKGROUND,
        /** An edit changed what it should have left alone. */
        PRESERVATION,
        /** Words that are not the right ones. */
        WORDS
    }
}
