package org.intarsia.backend.vulkan;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.gpu.CooperativeMatrix;
import org.intarsia.backend.gpu.Dialect;
import org.intarsia.backend.gpu.Driver;

/**
 * A driver without a device: it lists the kernels that it is asked for and runs nothing.
 *
 * <p>Of what kernels may rely on, each is as a device may answer.
 *
 * @param names of the kernels, by their sources; grows
 */
record ListingDriver(boolean subgroups, boolean dotProducts, Optional<CooperativeMatrix> cooperativeMatrix,
        Map<String, String> names) implements Driver {
    private static final long ROOM = 1L << 40;

    @Override
    public DeviceInfo info() {
        return new DeviceInfo("none", "no device", ROOM, List.of());
    }

    @Override
    public Dialect dialect() {
        return Dialect.GLSL;
    }

    @Override
    public boolean sideBySide() {
        return true;
    }

    @Override
    public long alignment() {
        return 256;
    }

    @Override
    public long largestBinding() {
        return ROOM;
    }

    @Override
    public Memory allocate(long bytes) {
        return new Nothing(bytes);
    }

    @Override
    public Kernel compile(String name, String source, int group, int bindings, int... constants) {
        names.put(source, name);
        return new Kernel() { };
    }

    @Override
    public Program record(List<Dispatch> dispatches, int parameters) {
        return new Nothing(0);
    }

    @Override
    public void close() {
        // It holds nothing.
    }

    /** Memory that keeps nothing, and a program that does nothing. */
    private record Nothing(long bytes) implements Memory, Program {

        @Override
        public void write(long offset, MemorySegment source) {
            // Nobody reads it.
        }

        @Override
        public void read(long offset, MemorySegment target) {
            // There is nothing to read.
        }

        @Override
        public void run(int[] parameters) {
            // Nobody reads what it would compute.
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
