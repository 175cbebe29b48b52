package org.intarsia.remote.wire;

import java.time.Duration;

/**
 * Bounds of a connection.
 *
 * @param timeout    how long a call may take
 * @param frameBytes the most bytes of a tensor frame, without its header
 */
public record WireLimits(Duration timeout, int frameBytes) {
    private static final int SIGNS = 4;

    /** The time between two signs of a host that computes. */
    Duration sign() {
        return timeout.dividedBy(SIGNS);
    }

    /** Returns the most bytes of a message; gRPC refuses a larger one by its declared length, before it makes room for it. */
    int messageBytes() {
        return Math.max(frameBytes + FrameFormat.MOST_HEADER_BYTES, DescriptionFormat.MOST_BYTES);
    }
}
