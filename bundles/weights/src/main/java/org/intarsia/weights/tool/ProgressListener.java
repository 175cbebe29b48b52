package org.intarsia.weights.tool;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears how far a tool is; may end it. */
@ConsumerType
@FunctionalInterface
public interface ProgressListener {

    /**
     * Called again and again, in one thread.
     *
     * @param what  the file or tensor at work
     * @param bytes how many are done
     * @param of    how many there are
     * @throws java.util.concurrent.CancellationException to end the work
     */
    void at(String what, long bytes, long of);
}
