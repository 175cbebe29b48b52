package org.intarsia.engine.sampling;

/**
 * Lowers the scores of tokens that the answer has already, as OpenAI's API defines {@code presence_penalty} and
 * {@code frequency_penalty}: by the first once, and by the second for each time. Tokens of the prompt do not count.
 *
 * @param presence  negative values raise scores
 * @param frequency negative values raise scores
 */
record OccurrencePenalty(double presence, double frequency) implements LogitsProcessor {

    @Override
    public void process(Candidates candidates, TokenHistory history) {
        history.chosen().forEach((id, count) -> candidates.add(-(presence + frequency * count), id));
    }
}
