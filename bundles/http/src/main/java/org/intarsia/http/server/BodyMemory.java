package org.intarsia.http.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the bodies of all requests may take together. Bodies are read before their requests wait in the queue, so the
 * limit of one body does not bound them. Safe for use by several threads.
 */
final class BodyMemory {
    /** The share of the heap; what is read of a body takes several times its size. */
    private static final int SHARE = 8;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    BodyMemory(long most) {
        this.most = most;
    }

    /** The usual share of the heap, in which the largest body always has room. */
    static BodyMemory ofHeap(long largestBody) {
        return new BodyMemory(Math.max(largestBody, Runtime.getRuntime().maxMemory() / SHARE));
    }

    /** Takes some bytes; tells whether there was room for them. */
    boolean take(long bytes) {
        if (held.addAndGet(bytes) <= most) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }
}
