package org.intarsia.engine;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore;

/**
 * The steppers of an opened model: made when needed, kept for the next request, closed when the device or the core leaves.
 * Safe for use by several threads.
 */
final class Steppers {
    /** Places are counted in such steps, so that requests of about the same length share a stepper. */
    private static final int STEP = 256;

    private final Components components;
    private final Compute compute;
    private final Set<Stepper> all = new HashSet<>();
    private final Set<Stepper> idle = new HashSet<>();

    Steppers(Components components, Compute compute) {
        this.components = components;
        this.compute = compute;
    }

    /** A stepper that has seen nothing yet, for as many streams of at least so many tokens. */
    synchronized Stepper take(int rows, int tokens) {
        for (Stepper stepper : idle) {
            if (stepper.rows() == rows && stepper.holds(rows, tokens)) {
                idle.remove(stepper);
                return stepper;
            }
        }
        TransformerCore core = components.core();
        int places = Math.min(core.geometry().context(), Math.ceilDiv(tokens, STEP) * STEP);
        Stepper stepper = new Stepper(compute, core, components.presentation().weights(), rows, places);
        all.add(stepper);
        return stepper;
    }

    /**
     * A stepper for these streams, which goes on with what a former one has read of them. The former is closed, not kept: one
     * request should not hold the memory of two.
     */
    Stepper exchange(Stepper former, List<TokenRow> streams, int tokens) {
        Stepper next = take(streams.size(), tokens);
        try {
            next.adopt(former, streams);
        } catch (RuntimeException e) {
            giveBack(next);
            throw e;
        }
        close(former);
        return next;
    }

    private synchronized void close(Stepper stepper) {
        all.remove(stepper);
        stepper.close();
    }

    /** Takes a stepper back. Of those for equally many streams only this one is kept. */
    synchronized void giveBack(Stepper stepper) {
        if (!stepper.isOpen()) {
            return;
        }
        Iterator<Stepper> others = idle.iterator();
        while (others.hasNext()) {
            Stepper other = others.next();
            if (other.rows() == stepper.rows()) {
                others.remove();
                close(other);
            }
        }
        stepper.rewind();
        idle.add(stepper);
    }

    /** Closes all, those that are lent out, too. */
    synchronized void drop() {
        all.forEach(Stepper::close);
        all.clear();
        idle.clear();
    }
}
