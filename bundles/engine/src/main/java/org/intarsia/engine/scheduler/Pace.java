package org.intarsia.engine.scheduler;

/**
 * Says how many tokens of prompts a step may read beside streams that generate, so that it takes at most about twice as long as
 * without. Measured while it runs: tokens do not depend on it.
 */
final class Pace {
    /** The weight of what was measured last. */
    private static final double NEW = 0.2;
    /** The share of a usual step that prompts may add. */
    private static final double SHARE = 0.8;
    private static final int FIRST = 16;
    private static final int LEAST = 4;

    /** Nanoseconds of a step without prompts; 0 while none was measured. */
    private double usual;
    /** Nanoseconds that a token of a prompt adds to a step; 0 while none was measured. */
    private double added;

    /** Tokens of prompts for a step in which others generate. */
    int prompts() {
        return usual == 0 || added == 0 ? FIRST : (int) Math.max(LEAST, Math.min(Integer.MAX_VALUE / 2, SHARE * usual / added));
    }

    /**
     * Takes a step into account.
     *
     * @param generating streams that generated
     * @param prompts    tokens of prompts
     */
    void took(long nanos, int generating, int prompts) {
        if (generating > 0 && prompts == 0) {
            usual = mixed(usual, nanos);
        } else if (prompts >= LEAST) {
            // A prompt alone reads the weights, too: what it takes is counted whole, which errs to the careful side.
            double each = generating > 0 && usual > 0 ? Math.max(nanos - usual, 0.05 * nanos) / prompts : (double) nanos / prompts;
            added = mixed(added, each);
        }
    }

    private static double mixed(double before, double now) {
        return before == 0 ? now : (1 - NEW) * before + NEW * now;
    }
}
