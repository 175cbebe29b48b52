package org.intarsia.engine.scheduler;

/**
 * Says how many tokens of prompts a step may read beside streams that generate, so that it takes at most about twice as long as
 * without. It follows what steps take, since that changes: with the number of streams, and while code is still being compiled. Tokens
 * do not depend on it. Not safe for use by several threads.
 */
final class Pace {
    /** The weight of what was measured last. */
    private static final double NEW = 0.5;
    /** The share of a usual step that prompts may add. */
    private static final double SHARE = 0.8;
    /** A single slow or quick step tells little. */
    private static final double MOST_SHRINKING = 0.6;
    private static final double MOST_GROWTH = 1.5;
    private static final int FIRST = 16;
    private static final int LEAST = 4;
    /** After so many steps beside prompts one without any tells again what a usual step takes. */
    private static final int REFRESH = 16;

    /** Nanoseconds of a step without prompts; 0 while none was measured. */
    private double usual;
    private double most = FIRST;
    private int beside;

    /** Returns the tokens of prompts for a step in which others generate; 0 where it shall tell what it takes without any. */
    int prompts() {
        return usual == 0 || beside >= REFRESH ? 0 : (int) most;
    }

    /**
     * Takes a step into account.
     *
     * @param nanos      the time that it took
     * @param generating streams that generated
     * @param prompts    tokens of prompts
     */
    void took(long nanos, int generating, int prompts) {
        if (generating == 0) {
            return;
        }
        if (prompts == 0) {
            usual = usual == 0 ? nanos : (1 - NEW) * usual + NEW * nanos;
            beside = 0;
            return;
        }
        beside++;
        // A few tokens tell more of chance than of what many would take.
        if (usual > 0 && prompts >= (int) most) {
            double allowed = prompts * SHARE * usual / Math.max(nanos - usual, 1);
            most = Math.max(LEAST, Math.clamp(allowed, MOST_SHRINKING * most, MOST_GROWTH * most));
        }
    }
}
