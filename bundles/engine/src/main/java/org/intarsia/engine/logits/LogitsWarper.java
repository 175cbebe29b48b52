package org.intarsia.engine.logits;

/** Removes unlikely tokens before one is drawn. */
@FunctionalInterface
public interface LogitsWarper {

    /**
     * Sets the probabilities of removed tokens to 0; at least one stays.
     *
     * @param probabilities of all tokens; together they make 1
     */
    void warp(double[] probabilities);
}
