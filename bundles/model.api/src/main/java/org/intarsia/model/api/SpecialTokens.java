package org.intarsia.model.api;

/**
 * The tokens of a stream that are not words.
 *
 * @param begin        begins every stream
 * @param end          ends an answer
 * @param separator    stands between what was asked and the answer
 * @param pictureBegin stands before a picture's codes
 * @param pictureEnd   stands behind them
 * @param placeholder  holds the place of a picture's code in a prompt that is not yet filled in
 * @param pictureIds   the id for each code; empty for a model without pictures
 */
public record SpecialTokens(int begin, int end, int separator, int pictureBegin, int pictureEnd, int placeholder,
        int[] pictureIds) {
}
