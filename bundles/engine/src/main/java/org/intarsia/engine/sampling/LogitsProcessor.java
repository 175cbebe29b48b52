package org.intarsia.engine.sampling;

/**
 * Changes the scores of the tokens that may come next, or removes some of these tokens. Add one: write a class that does it,
 * give it its place in {@link ProcessorChain}, and compare it with a reference in its test.
 */
@FunctionalInterface
public interface LogitsProcessor {

    /**
     * Changes the candidates in place.
     *
     * @param candidates the tokens that may be chosen
     * @param history    the tokens so far
     */
    void process(Candidates candidates, TokenHistory history);
}
