package org.intarsia.engine.sampling;

/**
 * Divides the distances of all scores from the best one: {@code temperature}. More than 1 makes unlikely tokens likelier.
 *
 * @param temperature above 0
 */
record Temperature(double temperature) implements LogitsProcessor {

    @Override
    public void process(Candidates candidates, TokenHistory history) {
        double top = candidates.score(candidates.best());
        for (int i = 0; i < candidates.size(); i++) {
            candidates.score(i, (candidates.score(i) - top) / temperature);
        }
    }
}
