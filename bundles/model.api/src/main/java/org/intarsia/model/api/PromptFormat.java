package org.intarsia.model.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * How parts stand in the token stream of a family, which further streams guide a picture, and which tokens make one. It
 * belongs to the transformer, which was trained on such streams. Safe for use by several threads.
 */
@ConsumerType
public interface PromptFormat {

    /** Stands in {@link #places} where one of the picture's codes stands. */
    int CODE = -1;

    /** Turns parts into tokens, by the tokenizer and the vision encoder of the model. */
    interface Source {
        /** The ids of a text, without what the tokenizer's template would add. */
        int[] text(String text);

        /** Tokens that the tokenizer's template adds to every text. */
        Template template();

        /** The codes of a picture. */
        Codes codes(Image picture);

        /** What a vision tower makes of a picture. */
        Features features(Image picture);
    }

    /**
     * The special tokens that a tokenizer puts around every text: mostly a begin of sequence, or nothing.
     *
     * @param before the ids in front of the text
     * @param behind the ids behind it
     */
    record Template(int[] before, int[] behind) {
    }

    /**
     * A picture as codes.
     *
     * @param rows    how many rows
     * @param columns how many codes in each
     * @param codes   row by row
     */
    record Codes(int rows, int columns, int[] codes) {
    }

    /**
     * A picture as features.
     *
     * @param rows    how many rows
     * @param columns how many features in each
     * @param values  (rows · columns, hidden), row-major
     */
    record Features(int rows, int columns, float[] values) {
    }

    /**
     * One of the streams that a picture is made by. The scores of the next token are the sum over all, each times its
     * weight, and the weights make 1.
     */
    record GuidanceBranch(TokenRow row, double weight) {
    }

    /** The tokens that are not words. */
    SpecialTokens tokens();

    /** Whether a text ends with this token. */
    default boolean ends(int id) {
        return id == tokens().end();
    }

    /** Whether the model was made to begin pictures by itself in the midst of text. */
    default boolean interleaves() {
        return false;
    }

    /**
     * Tells whether a question stands before the pictures that it is about, where the caller gives no order: as in the prompts
     * of the model's authors.
     */
    default boolean questionFirst() {
        return true;
    }

    /** The stream up to where text follows that answers what was handed in. */
    TokenRow answer(List<Part> parts, Source source);

    /** The stream up to where text follows that goes on where the text that was handed in ends. */
    TokenRow continuation(List<Part> parts, Source source);

    /**
     * The streams up to where the codes of a new picture follow: first the request's own, then those that guide it.
     *
     * @param guidanceText  how much farther the picture follows the text than it would by itself; 1 for no farther
     * @param guidanceImage the same for pictures that were handed in
     * @param rows          rows of the picture's codes
     * @param columns       codes in each
     * @throws ModelException when the family makes no pictures
     */
    List<GuidanceBranch> picture(List<Part> parts, Source source, double guidanceText, double guidanceImage, int rows, int columns);

    /**
     * What stands in the stream from a picture's first code to its last: {@link #CODE} for each code, row by row, and the
     * ids of what always stands between them.
     */
    int[] places(int rows, int columns);
}
