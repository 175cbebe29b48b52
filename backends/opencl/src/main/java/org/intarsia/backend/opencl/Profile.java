package org.intarsia.backend.opencl;

import static org.lwjgl.opencl.CL10.CL_PROFILING_COMMAND_END;
import static org.lwjgl.opencl.CL10.CL_PROFILING_COMMAND_START;
import static org.lwjgl.opencl.CL10.clGetEventProfilingInfo;
import static org.lwjgl.opencl.CL10.clReleaseEvent;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.lwjgl.system.MemoryStack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long each kernel of one program took on the device, as the device's own clock says. */
final class Profile {
    private static final Logger LOG = LoggerFactory.getLogger(Profile.class);

    private record Timed(String kernel, long event) {
    }

    /** @param nanoseconds of all runs together */
    private record Total(long runs, long nanoseconds) {
        Total plus(Total other) {
            return new Total(runs + other.runs, nanoseconds + other.nanoseconds);
        }
    }

    private final String device;
    private final List<Timed> pending = new ArrayList<>();
    private final Map<String, Total> totals = new TreeMap<>();

    Profile(String device) {
        this.device = device;
    }

    /** Takes the event over. */
    void add(String kernel, long event) {
        pending.add(new Timed(kernel, event));
    }

    /** Reads the events, all of which must be over. */
    void collect() {
        for (Timed timed : pending) {
            long time = moment(timed.event(), CL_PROFILING_COMMAND_END) - moment(timed.event(), CL_PROFILING_COMMAND_START);
            totals.merge(timed.kernel(), new Total(1, time), Total::plus);
        }
        forget();
    }

    /** Gives the events back unread. */
    void forget() {
        pending.forEach(timed -> clReleaseEvent(timed.event()));
        pending.clear();
    }

    private long moment(long event, int which) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            LongBuffer nanoseconds = stack.mallocLong(1);
            ClErrors.check(device, "clGetEventProfilingInfo", clGetEventProfilingInfo(event, which, nanoseconds, null));
            return nanoseconds.get(0);
        }
    }

    /** One line for each kernel, the one that took longest first. */
    List<String> lines() {
        double all = totals.values().stream().mapToLong(Total::nanoseconds).sum();
        return totals.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Total> entry) -> -entry.getValue().nanoseconds()))
                .map(entry -> String.format(Locale.ROOT, "%s: %d runs, %.3f ms, %.1f %%", entry.getKey(),
                        entry.getValue().runs(), entry.getValue().nanoseconds() / 1e6,
                        100 * entry.getValue().nanoseconds() / Math.max(1, all)))
                .toList();
    }

    void log() {
        lines().forEach(line -> LOG.info("{}: {}", device, line));
    }
}
