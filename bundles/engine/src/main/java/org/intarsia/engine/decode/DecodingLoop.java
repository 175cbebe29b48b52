package org.intarsia.engine.decode;

import java.util.List;
import org.intarsia.engine.sampling.TokenHistory;

/**
 * How the next tokens of a request come about. The scheduler calls {@link #propose}, runs the model once over what is new in the
 * request's streams and the proposed tokens behind it, and calls {@link #accept} with the scores; then it starts over. Proposed tokens
 * are in the KV cache only as far as accepted tokens are the same; the rest is rolled back. Not safe for use by several threads.
 */
public interface DecodingLoop {

    /**
     * Returns tokens that the model shall run behind those that are there: drafts, or masks; none for one token a step.
     *
     * @param history the tokens so far
     * @param room    how many tokens may still be accepted, at least 1; with those that are proposed all must fit into it
     */
    int[] propose(TokenHistory history, int room);

    /**
     * Takes tokens over, in their order; none is right, too, as long as some pass brings some.
     *
     * @param proposed what {@link #propose} gave
     * @param logits   the scores behind the last token that was there, then those behind each proposed one. The first alone where
     *                 more than that token was new, as when a prompt is read, and where the batch had no room
     * @param target   takes the tokens
     */
    void accept(int[] proposed, List<float[]> logits, Target target);

    /** The request, as a loop sees it. */
    interface Target {

        /** Chooses the token that follows all accepted ones, as the request's sampling says, and changes nothing but the random numbers. */
        int choose(float[] logits);

        /**
         * Adds a token.
         *
         * @param logits what it was chosen by, for its log probability
         * @return whether more may follow before the next pass
         */
        boolean accept(int id, float[] logits);
    }
}
