package org.intarsia.engine.logits;

import java.util.Arrays;

/** The entropy of a distribution. */
final class Entropy {
    private Entropy() {
    }

    /** Returns it in nats; what has no probability adds nothing. */
    static double of(double[] probabilities) {
        return -Arrays.stream(probabilities).filter(p -> p > 0).map(p -> p * Math.log(p)).sum();
    }
}
