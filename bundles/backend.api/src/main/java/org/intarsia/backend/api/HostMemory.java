package org.intarsia.backend.api;

import java.lang.management.ManagementFactory;

/** The memory of the machine, for devices that compute in it. */
public final class HostMemory {
    private HostMemory() {
    }

    /** Returns the bytes of the machine's memory, or what the JVM may take at most where it does not tell. */
    public static long bytes() {
        try {
            return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                    ? system.getTotalMemorySize() : Runtime.getRuntime().maxMemory();
        } catch (NoClassDefFoundError e) {
            // The import is optional: not every container hands on this package of the JDK.
            return Runtime.getRuntime().maxMemory();
        }
    }
}
