package org.intarsia.remote.wire;

import org.intarsia.engine.stages.StageLayers;
import org.intarsia.engine.stages.StageStep;
import org.intarsia.graph.Encoding;

/** A message about a stage. The client opens it, and asks for one thing at a time; the stage is closed with the call. */
sealed interface StageMessage {

    /** The client's first message; {@link Opened} or {@link Refused} answers it. */
    record Open(StageLayers layers) implements StageMessage {
    }

    /**
     * The stage is open.
     *
     * @param where the device that computes it
     * @param alike whether tokens have the same bits beside any others
     */
    record Opened(String where, boolean alike) implements StageMessage {
    }

    /** Asks for more blocks of keys and values; {@link Grown} or {@link Refused} answers it. */
    record Grow(int blocks) implements StageMessage {
    }

    /** There is room for so many blocks. */
    record Grown(int blocks) implements StageMessage {
    }

    /**
     * Asks to compute a step; {@link Computed} or {@link Refused} answers it.
     *
     * @param encoding how the residual stream is sent, and is to be sent back
     */
    record Compute(StageStep step, Encoding encoding) implements StageMessage {
    }

    /** The residual stream behind the stage. */
    record Computed(float[] hidden, Encoding encoding) implements StageMessage {
    }

    /** A sign that the host is still at work on what it was asked. */
    record Working() implements StageMessage {
    }

    /**
     * It cannot be done.
     *
     * @param sentence says why, for people
     */
    record Refused(Reason reason, String sentence) implements StageMessage {
    }

    /**
     * Bytes that are no message: gRPC gives a marshaller no way to refuse them.
     *
     * @param why names what is wrong with them
     */
    record Malformed(String why) implements StageMessage {
    }

    /** Why something is refused. */
    enum Reason {
        /** The model, its files or the request. */
        MODEL,
        /** There is no room; what was there stays. */
        ROOM,
        /** The stage is lost, but another may be opened. */
        LOST
    }
}
