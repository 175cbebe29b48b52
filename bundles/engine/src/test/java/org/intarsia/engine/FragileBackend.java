package org.intarsia.engine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.DeviceLostException;
import org.intarsia.backend.api.Limits;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Support;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;

/** Computes as the processor does, until its device is lost after so many runs of plans. */
public final class FragileBackend implements Backend {
    static final String REASON = "fragile: the device was lost";

    private final CpuBackend real = new CpuBackend();
    private final Runnable running;
    private int left;
    int opened;
    /** Whether its device says that tokens have the same bits beside any others. */
    boolean alike = true;
    /** Tokens of streams that were read, with those of padding. */
    long read;
    /** How many tokens each step has read. */
    final List<Long> steps = new ArrayList<>();

    FragileBackend(int runs) {
        this(runs, () -> { });
    }

    /** @param running is called at each run */
    public FragileBackend(int runs, Runnable running) {
        left = runs;
        this.running = running;
    }

    @Override
    public String name() {
        return "fragile";
    }

    @Override
    public List<DeviceInfo> devices() {
        return real.devices();
    }

    @Override
    public Device open(String device) {
        opened++;
        return new FragileDevice(real.open(device));
    }

    private final class FragileDevice implements Device {
        private final Device device;

        FragileDevice(Device device) {
            this.device = device;
        }

        @Override
        public DeviceInfo info() {
            DeviceInfo info = device.info();
            return alike ? info : new DeviceInfo(info.name(), info.description(), info.memoryBytes(), List.of());
        }

        @Override
        public Support supports(Node node) {
            return device.supports(node);
        }

        @Override
        public Buffer allocate(TensorType type) {
            return device.allocate(type);
        }

        @Override
        public Buffer constant(TensorType type, MemorySegment content) {
            return device.constant(type, content);
        }

        @Override
        public Plan compile(Graph graph, Map<String, Buffer> bound, int threads) {
            return new FragilePlan(graph.leaves(Leaf.Input.class).get("ids"), device.compile(graph, new HashMap<>(bound), threads));
        }

        @Override
        public Limits measureLimits() {
            return device.measureLimits();
        }

        @Override
        public long allocatedBytes() {
            return device.allocatedBytes();
        }

        @Override
        public void close() {
            device.close();
        }
    }

    private final class FragilePlan implements Plan {
        /** Streams by tokens; {@code null} where none are read. */
        private final Node ids;
        private final Plan plan;

        FragilePlan(Node ids, Plan plan) {
            this.ids = ids;
            this.plan = plan;
        }

        @Override
        public Buffer input(String name) {
            return plan.input(name);
        }

        @Override
        public Buffer output(String name) {
            return plan.output(name);
        }

        @Override
        public void run(Map<String, Long> sizes) {
            synchronized (FragileBackend.this) {
                if (left-- <= 0) {
                    throw new DeviceLostException(REASON);
                }
                if (ids != null) {
                    steps.add(ids.shape().bind(sizes).elements());
                    read += steps.getLast();
                }
            }
            running.run();
            plan.run(sizes);
        }

        @Override
        public void close() {
            plan.close();
        }
    }
}
