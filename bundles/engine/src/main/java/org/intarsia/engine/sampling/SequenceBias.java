package org.intarsia.engine.sampling;

/**
 * Adds to the score of the last token of a sequence where the tokens before it have just been chosen: {@code sequence_bias},
 * and with negative infinity {@code bad_words_ids}.
 *
 * @param sequence at least one id
 * @param bias     added to the score of the last one
 */
record SequenceBias(int[] sequence, double bias) implements LogitsProcessor {

    @Override
    public void process(Candidates candidates, TokenHistory history) {
        int last = sequence.length - 1;
        if (history.endsWith(sequence, last)) {
            candidates.add(bias, sequence[last]);
        }
    }
}
