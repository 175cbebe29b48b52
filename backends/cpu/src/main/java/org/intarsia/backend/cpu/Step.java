package org.intarsia.backend.cpu;

/** One op of a plan, bound to addresses and sizes. */
interface Step {
    void run(ThreadTeam team);

    /** Makes the step for one node. */
    interface Factory {
        Step bind(Site site);
    }
}
