package org.intarsia.backend.cpu.step;

import org.intarsia.backend.cpu.host.ThreadTeam;

/** One op of a plan, bound to addresses and sizes. */
public interface Step {
    /** Computes the op, and returns when all threads of the team are done with it. */
    void run(ThreadTeam team);

    /** Makes the step for one node. */
    interface Factory {
        /** Makes the step of a node, from its addresses and sizes. */
        Step bind(NodeBinding binding);
    }
}
