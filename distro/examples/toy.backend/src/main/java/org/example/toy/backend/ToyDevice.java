package org.example.toy.backend;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Compilation;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Limits;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Support;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Lowering;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;

/** Makes buffers and plans. Buffers are all that it owns: a plan without its buffers does not run. */
final class ToyDevice implements Device {
    /** The core ops, which the interpreter runs; all others are decomposed into them. */
    private static final Set<String> CORE = Set.of("input", "parameter", "state", "constant", "iota", "random",
            "neg", "exp", "log", "sqrt", "sin", "cos", "tanh", "add", "sub", "mul", "div", "max", "less", "equal", "select",
            "cast", "sum", "maxReduce", "argMax", "reshape", "permute", "broadcast", "slice", "pad", "concat", "gather",
            "scatterAdd", "matMul", "assign");

    private final Set<ToyBuffer> buffers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    @Override
    public DeviceInfo info() {
        return ToyBackend.INFO;
    }

    private static boolean isCore(Node node) {
        return CORE.contains(node.op().kind());
    }

    @Override
    public Support supports(Node node) {
        return Compilation.support(node, ToyDevice::isCore);
    }

    @Override
    public Buffer allocate(TensorType type) {
        return buffer(type);
    }

    @Override
    public Buffer constant(TensorType type, MemorySegment content) {
        if (content.byteSize() != type.bytes()) {
            throw new BackendException("toy: a constant " + type + " takes " + type.bytes() + " bytes, got " + content.byteSize());
        }
        ToyBuffer buffer = buffer(type);
        buffer.write(content);
        buffer.seal();
        return buffer;
    }

    /** A new buffer of zeros, which this device closes at the latest. */
    ToyBuffer buffer(TensorType type) {
        checkOpen();
        ToyBuffer buffer = new ToyBuffer(type, buffers::remove);
        buffers.add(buffer);
        return buffer;
    }

    @Override
    public Plan compile(Graph graph, Map<String, Buffer> bound, int threads) {
        checkOpen();
        Graph core = Lowering.lower(graph, ToyDevice::isCore);
        return new ToyPlan(core, Compilation.check("toy", core, ToyDevice::isCore, bound, ToyBuffer.class), this::buffer);
    }

    private void checkOpen() {
        if (closed) {
            throw new BackendException("toy: the device is closed already; open it again");
        }
    }

    @Override
    public Limits measureLimits() {
        checkOpen();
        return ToyLimits.measure();
    }

    @Override
    public long allocatedBytes() {
        return buffers.stream().mapToLong(ToyBuffer::heapBytes).sum();
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(buffers).forEach(ToyBuffer::close);
    }
}
