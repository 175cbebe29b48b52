package org.intarsia.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Compilation;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Limits;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.backend.api.Support;
import org.intarsia.backend.cpu.code.MachineCode;
import org.intarsia.backend.cpu.host.CpuBuffer;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.kernel.LimitProbe;
import org.intarsia.backend.cpu.rounding.PackedStore;
import org.intarsia.backend.cpu.rounding.ProductLibrary;
import org.intarsia.backend.cpu.rounding.Rounding;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.graph.Fusion;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Lowering;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;

/** The host's processors as a device. Plans of more than one thread take turns; those of one thread run side by side. */
final class CpuDevice implements Device {

    /** A team of threads and the turn to use it. */
    record Shared(ThreadTeam team, ReentrantLock turn) {
    }

    private final Kernels kernels;
    private final DeviceInfo info;
    private final Supplier<Settings> settings;
    private final ProductLibrary library;
    private final MachineCode code;
    private final Consumer<CpuDevice> onClose;
    private final AtomicLong bytes = new AtomicLong();
    private final PackedStore packed = new PackedStore(bytes::addAndGet);
    private final Map<Integer, Shared> teams = new HashMap<>();
    private final Set<AutoCloseable> owned = new HashSet<>();
    private boolean closed;

    /** @param settings gives the settings for each new plan */
    CpuDevice(Kernels kernels, DeviceInfo info, Supplier<Settings> settings, ProductLibrary library, MachineCode code,
            Consumer<CpuDevice> onClose) {
        this.kernels = kernels;
        this.info = info;
        this.settings = settings;
        this.library = library;
        this.code = code;
        this.onClose = onClose;
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public Support supports(Node node) {
        return Compilation.support(node, KernelTable::isNative);
    }

    @Override
    public synchronized Buffer allocate(TensorType type) {
        checkOpen();
        CpuBuffer buffer = CpuBuffer.allocate(type, freed -> bytes.addAndGet(-freed));
        bytes.addAndGet(type.bytes());
        owned.add(buffer);
        return buffer;
    }

    @Override
    public synchronized Buffer constant(TensorType type, MemorySegment content) {
        checkOpen();
        if (content.byteSize() != type.bytes()) {
            throw new BackendException("cpu: a constant " + type + " takes " + type.bytes() + " bytes, got " + content.byteSize());
        }
        if (content.isNative()) {
            return CpuBuffer.view(type, content.asReadOnly());
        }
        Buffer copy = allocate(type);
        copy.write(content);
        return copy;
    }

    @Override
    public Plan compile(Graph graph, Map<String, Buffer> bound, int threads) {
        return compile(graph, bound, threads, Precision.EXACT);
    }

    @Override
    public Plan compile(Graph graph, Map<String, Buffer> bound, int threads, Precision precision) {
        Graph lowered = Lowering.lower(graph, KernelTable::isNative);
        Map<String, CpuBuffer> buffers = Compilation.check("cpu", lowered, KernelTable::isNative, bound, CpuBuffer.class);
        synchronized (this) {
            checkOpen();
            Optional<Rounding> rounding = precision != Precision.EXACT && kernels.vectorised()
                    ? Optional.of(new Rounding(packed, library, precision == Precision.MIXED)) : Optional.empty();
            CpuPlan plan = new CpuPlan(Fusion.fuse(lowered), buffers, kernels, shared(threads), settings.get(),
                    Optional.of(code).filter(_ -> kernels.vectorised()), rounding, this::closed);
            bytes.addAndGet(plan.bytes());
            owned.add(plan);
            return plan;
        }
    }

    /** One team for each number of threads; a team of one has no threads and no turns to take, so each plan gets its own. */
    private Shared shared(int threads) {
        int size = threads == 0 ? CpuBackend.processors() : Math.min(threads, CpuBackend.processors());
        if (size == 1) {
            return new Shared(new ThreadTeam(1), new ReentrantLock());
        }
        return teams.computeIfAbsent(size, count -> new Shared(new ThreadTeam(count), new ReentrantLock()));
    }

    private synchronized void closed(CpuPlan plan) {
        if (owned.remove(plan)) {
            bytes.addAndGet(-plan.bytes());
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new BackendException("cpu: the device is closed already; open it again");
        }
    }

    @Override
    public Limits measureLimits() {
        synchronized (this) {
            checkOpen();
        }
        // A team of its own: the others wait for the next step of a plan, which would disturb the measurement.
        try (ThreadTeam team = new ThreadTeam(CpuBackend.processors())) {
            return LimitProbe.measure(kernels.peak(), team);
        }
    }

    @Override
    public long allocatedBytes() {
        return bytes.get();
    }

    @Override
    public void close() {
        List<AutoCloseable> left;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            left = List.copyOf(owned);
        }
        for (AutoCloseable one : left) {
            switch (one) {
                case CpuPlan plan -> plan.close();
                case CpuBuffer buffer -> buffer.close();
                default -> throw new IllegalStateException("a device owns plans and buffers only, not " + one);
            }
        }
        teams.values().forEach(shared -> shared.team().close());
        onClose.accept(this);
    }
}
