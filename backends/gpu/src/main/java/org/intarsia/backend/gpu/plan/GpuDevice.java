package org.intarsia.backend.gpu.plan;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Compilation;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Limits;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Support;
import org.intarsia.backend.gpu.Driver;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Fusion;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Lowering;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;

/** A device that computes by a {@link Driver}: it keeps the books about what was made, and compiles. */
public final class GpuDevice implements Device {
    private final Driver driver;
    private final Runnable onClose;
    private final KernelTable table;
    private final Map<KernelSource, Driver.Kernel> kernels = new HashMap<>();
    private final Set<AutoCloseable> owned = new HashSet<>();
    private long bytes;
    private boolean closed;

    /**
     * @param driver  owned from now on
     * @param onClose called once, after closing
     */
    public GpuDevice(Driver driver, Runnable onClose) {
        this.driver = driver;
        this.onClose = onClose;
        table = new KernelTable(driver);
    }

    Driver driver() {
        return driver;
    }

    KernelTable table() {
        return table;
    }

    String name() {
        return driver.info().name();
    }

    @Override
    public DeviceInfo info() {
        return driver.info();
    }

    @Override
    public Support supports(Node node) {
        return table.refusal(node).<Support>map(Support.Unsupported::new)
                .orElseGet(() -> Compilation.support(node, table::isNative));
    }

    @Override
    public Buffer allocate(TensorType type) {
        return buffer(type, null);
    }

    @Override
    public Buffer constant(TensorType type, MemorySegment content) {
        if (content.byteSize() != type.bytes()) {
            throw new BackendException(name() + ": a constant " + type + " takes " + type.bytes() + " bytes, got "
                    + content.byteSize());
        }
        return buffer(type, content);
    }

    /** @param content for a buffer that is only read, else null */
    private synchronized Buffer buffer(TensorType type, MemorySegment content) {
        Driver.Memory memory = memory(GpuBuffer.bytes(type));
        GpuBuffer[] self = new GpuBuffer[1];
        self[0] = new GpuBuffer(name(), type, memory, 0, content != null, () -> release(self[0], memory));
        owned.add(self[0]);
        if (content != null && content.byteSize() > 0) {
            memory.write(0, content);
        }
        return self[0];
    }

    private synchronized void release(GpuBuffer buffer, Driver.Memory memory) {
        if (owned.remove(buffer)) {
            free(memory);
        }
    }

    /** Memory for a buffer or a plan, which has to {@link #free} it. */
    synchronized Driver.Memory memory(long size) {
        checkOpen();
        Driver.Memory memory = driver.allocate(size);
        bytes += size;
        return memory;
    }

    synchronized void free(Driver.Memory memory) {
        bytes -= memory.bytes();
        memory.close();
    }

    synchronized Driver.Kernel kernel(KernelSource source) {
        return kernels.computeIfAbsent(source, key ->
                driver.compile(key.name(), key.text(driver), key.group(), key.arrays(),
                        key.constants()));
    }

    @Override
    public Plan compile(Graph graph, Map<String, Buffer> bound, int threads) {
        Graph lowered = Lowering.lower(graph, table::isNative);
        Graph fused = Fusion.fuse(lowered);
        List<String> refusals = fused.nodes().stream().map(table::refusal).flatMap(Optional::stream).distinct().toList();
        if (!refusals.isEmpty()) {
            throw new BackendException(name() + ": the graph cannot be compiled: " + String.join("; ", refusals)
                    + "; take a smaller model, fewer or smaller pictures at once, or another device");
        }
        Map<String, GpuBuffer> buffers = Compilation.check(name(), lowered, table::isNative, bound, GpuBuffer.class);
        synchronized (this) {
            checkOpen();
            GpuPlan plan = new GpuPlan(this, fused, buffers);
            owned.add(plan);
            return plan;
        }
    }

    synchronized void closed(GpuPlan plan) {
        owned.remove(plan);
    }

    private void checkOpen() {
        if (closed) {
            throw new BackendException(name() + ": the device is closed already; open it again");
        }
    }

    @Override
    public Limits measureLimits() {
        synchronized (this) {
            checkOpen();
        }
        return LimitProbe.measure(this);
    }

    @Override
    public synchronized long allocatedBytes() {
        return bytes;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            for (AutoCloseable one : List.copyOf(owned)) {
                switch (one) {
                    case GpuPlan plan -> plan.close();
                    case GpuBuffer buffer -> buffer.close();
                    default -> throw new IllegalStateException("a device owns plans and buffers only, not " + one);
                }
            }
            driver.close();
        }
        onClose.run();
    }
}
