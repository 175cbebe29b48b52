package org.intarsia.backend.vulkan.device;

import java.util.ArrayDeque;
import java.util.Deque;

/** What must be given back, last acquired first. Vulkan's objects lean on those made before them. */
public final class Releases implements AutoCloseable {
    private final Deque<Runnable> releases = new ArrayDeque<>();

    public void add(Runnable release) {
        releases.push(release);
    }

    /** Closing twice is harmless. */
    @Override
    public void close() {
        while (!releases.isEmpty()) {
            releases.pop().run();
        }
    }
}
