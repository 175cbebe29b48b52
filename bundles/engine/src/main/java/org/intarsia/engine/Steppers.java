package org.intarsia.engine;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
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
            if (stepper.rows() == rows && stepper.places() >= tokens) {
                idle.remove(stepper);
                stepper.rewind();
                return stepper;
            }
        }
        TransformerCore core = components.core();
        int places = Math.min(core.geometry().context(), Math.ceilDiv(tokens, STEP) * STEP);
        Stepper stepper = new Stepper(compute, core, rows, places);
        all.add(stepper);
        return stepper;
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
                all.remove(other);
                other.close();
            }
        }
        idle.add(stepper);
    }

    /** Closes all, those that are lent out, too. */
    synchronized void drop() {
        all.forEach(Stepper::close);
        all.clear();
        idle.clear();
    }
}
