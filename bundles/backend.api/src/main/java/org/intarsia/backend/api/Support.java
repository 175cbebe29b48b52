package org.intarsia.backend.api;

/** A device's answer about one node. */
public sealed interface Support {

    /** The device has a kernel for it. */
    record Native() implements Support {
    }

    /** The device runs its decomposition. */
    record Decompose() implements Support {
    }

    /**
     * The device can run neither it nor its decomposition.
     *
     * @param reason one clause, such as "no kernel for matMul on BF16"
     */
    record Unsupported(String reason) implements Support {
    }
}
