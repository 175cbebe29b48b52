package org.intarsia.shell.command;

import java.util.List;
import java.util.concurrent.CancellationException;

/** Sentences about commands that were interrupted. */
final class Interrupted {
    /** So many are named each. */
    private static final int FEW = 3;

    private Interrupted() {
    }

    /**
     * Names the files that are whole.
     *
     * @param files those that were written before
     * @param all how many there would have been, at least
     */
    static CancellationException after(List<String> files, int all) {
        if (files.isEmpty()) {
            return new CancellationException("interrupted; nothing was written");
        }
        return new CancellationException("interrupted; " + (files.size() < all ? files.size() + " of " + all + " were written: "
                : "written: ") + (files.size() > FEW ? files.getFirst() + " to " + files.getLast() : String.join(", ", files)));
    }
}
