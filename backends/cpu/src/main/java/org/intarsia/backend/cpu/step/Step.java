package org.intarsia.backend.cpu.step;

import org.intarsia.backend.cpu.host.ThreadTeam;

/** One op of a plan, bound to addresses and sizes. */
public interface Step {
    /** Computes the op, and returns when all threads of the team are done with it. */
    void run(ThreadTeam team);

    /** Makes the step for one node. */
    interface Factory {
        /** Binds the step to the addresses and sizes of a site. */
        Step bind(Site site);
    }
}
