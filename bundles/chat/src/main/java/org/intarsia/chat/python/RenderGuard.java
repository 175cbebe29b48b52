package org.intarsia.chat.python;

import java.time.Clock;
import java.time.Duration;

/** Ends a rendering that takes too long, loops too often or writes too much: templates come in strangers' files. */
public final class RenderGuard {
    /** The most characters of one value, and of the rendered text. */
    public static final int LONGEST = 4 << 20;
    /** The most items of a list. */
    public static final int MOST_ITEMS = 100_000;
    private static final int MOST_STEPS = 1_000_000;
    private static final long PATIENCE = Duration.ofSeconds(5).toNanos();
    private static final ThreadLocal<RenderGuard> CURRENT = new ThreadLocal<>();

    private final long end = System.nanoTime() + PATIENCE;
    private final Clock clock;
    private int steps;
    private Stop stop;

    private RenderGuard(Clock clock) {
        this.clock = clock;
    }

    /** Ends the rendering. An Error, since jinjava turns exceptions into warnings and goes on. */
    public static final class Stop extends Error {
        private static final long serialVersionUID = 1;
        /** True where the template itself refused the conversation. */
        private final transient boolean refusal;

        public Stop(String message, boolean refusal) {
            super(message, null, false, false);
            this.refusal = refusal;
        }

        public boolean isRefusal() {
            return refusal;
        }
    }

    /** Watches what the current thread renders from now on. */
    public static RenderGuard begin(Clock clock) {
        RenderGuard guard = new RenderGuard(clock);
        CURRENT.set(guard);
        return guard;
    }

    /** Ends the watch. */
    public static void finish() {
        CURRENT.remove();
    }

    /** Counts one step, and checks the size of what was made. */
    public static void check(long size) {
        RenderGuard guard = CURRENT.get();
        if (guard != null) {
            guard.step(size);
        }
    }

    /** Returns the clock that templates see. */
    public static Clock clock() {
        RenderGuard guard = CURRENT.get();
        return guard == null ? Clock.systemDefaultZone() : guard.clock;
    }

    /** Ends the rendering with the template's own sentence. */
    public static Stop refuse(String message) {
        RenderGuard guard = CURRENT.get();
        Stop stop = new Stop(message, true);
        if (guard != null && guard.stop == null) {
            guard.stop = stop;
        }
        return stop;
    }

    /** Returns the reason that ended the rendering, or null. Kept here, since jinjava wraps what functions throw. */
    public Stop stopped() {
        return stop;
    }

    private void step(long size) {
        if (stop == null) {
            if (size > LONGEST) {
                stop = new Stop("it writes more than " + LONGEST + " characters", false);
            } else if (++steps > MOST_STEPS) {
                stop = new Stop("it takes more than " + MOST_STEPS + " steps", false);
            } else if ((steps & 0xf) == 0 && System.nanoTime() > end) {
                stop = new Stop("it takes more than " + Duration.ofNanos(PATIENCE).toSeconds() + " seconds", false);
            }
        }
        if (stop != null) {
            throw stop;
        }
    }
}
