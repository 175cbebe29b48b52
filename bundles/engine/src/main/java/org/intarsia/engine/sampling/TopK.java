package org.intarsia.engine.sampling;

import java.util.Arrays;

/**
 * Keeps the likeliest tokens, and those that are as likely as the last of them: {@code top_k}.
 *
 * @param count how many, at least 1
 */
record TopK(int count) implements LogitsProcessor {

    @Override
    public void process(Candidates candidates, TokenHistory history) {
        if (count < candidates.size()) {
            double[] ascending = candidates.weights().clone();
            Arrays.sort(ascending);
            candidates.keep(ascending[ascending.length - count]);
        }
    }
}
