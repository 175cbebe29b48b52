package org.intarsia.backend.gpu.plan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.DeviceLostException;
import org.intarsia.backend.gpu.CooperativeMatrix;
import org.intarsia.backend.gpu.Dialect;
import org.intarsia.backend.gpu.Driver;

/** A driver that computes nothing, and fails where a test asks for it. */
final class FrailDriver implements Driver {
    private final long room;
    long used;
    final List<String> compiled = new ArrayList<>();
    /** How many dispatches each program has. */
    final List<Integer> recorded = new ArrayList<>();
    /** Programs that are not closed. */
    int programs;
    boolean compiles = true;
    long largestBinding = Long.MAX_VALUE;
    boolean lost;

    /** @param room bytes of its memory */
    FrailDriver(long room) {
        this.room = room;
    }

    @Override
    public DeviceInfo info() {
        return new DeviceInfo("frail", "a frail device", room, List.of());
    }

    @Override
    public Dialect dialect() {
        return Dialect.GLSL;
    }

    @Override
    public boolean subgroups() {
        return false;
    }

    @Override
    public boolean sideBySide() {
        return true;
    }

    @Override
    public boolean dotProducts() {
        return false;
    }

    @Override
    public Optional<CooperativeMatrix> cooperativeMatrix() {
        return Optional.of(new CooperativeMatrix(16, 16, 16, 32));
    }

    @Override
    public long alignment() {
        return 16;
    }

    @Override
    public long largestBinding() {
        return largestBinding;
    }

    @Override
    public Memory allocate(long bytes) {
        if (bytes > room - used) {
            throw new BackendException(bytes + " bytes were asked for, " + (room - used) + " are free");
        }
        used += bytes;
        return new Block(bytes);
    }

    @Override
    public Kernel compile(String name, String source, int group, int bindings, int... constants) {
        if (!compiles) {
            throw new BackendException("kernel " + name + " does not compile: the log");
        }
        compiled.add(name);
        return new Kernel() { };
    }

    @Override
    public Program record(List<Dispatch> dispatches, int parameters) {
        recorded.add(dispatches.size());
        programs++;
        return new Program() {
            @Override
            public void run(int[] values) {
                requirePresent();
            }

            @Override
            public void close() {
                programs--;
            }
        };
    }

    @Override
    public void close() {
        // All that it gave is in Java's hands.
    }

    private void requirePresent() {
        if (lost) {
            throw new DeviceLostException("the device is gone");
        }
    }

    private final class Block implements Memory {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment content;

        Block(long bytes) {
            content = arena.allocate(bytes);
        }

        @Override
        public long bytes() {
            return content.byteSize();
        }

        @Override
        public void write(long offset, MemorySegment source) {
            requirePresent();
            content.asSlice(offset).copyFrom(source);
        }

        @Override
        public void read(long offset, MemorySegment target) {
            requirePresent();
            target.copyFrom(content.asSlice(offset, target.byteSize()));
        }

        @Override
        public void close() {
            if (arena.scope().isAlive()) {
                used -= bytes();
                arena.close();
            }
        }
    }
}
