package org.intarsia.engine.scheduler;

/**
 * How much one model on one device takes on at once.
 *
 * @param rows       token streams that run together, at least 1; a picture with guidance has two or three
 * @param tokens     tokens that one step reads at most, over all streams, at least 1
 * @param waiting    generations that may wait for others to end; one more is refused
 * @param cacheBytes memory for keys and values; it is exceeded only where a single stream needs more
 */
public record SchedulerLimits(int rows, int tokens, int waiting, long cacheBytes) {
    public SchedulerLimits {
        if (rows < 1 || tokens < 1 || waiting < 0 || cacheBytes < 0) {
            throw new IllegalArgumentException("a scheduler needs at least one row and one token, and no negative limit; got " + rows
                    + " rows, " + tokens + " tokens, " + waiting + " waiting, " + cacheBytes + " bytes");
        }
    }
}
