package org.intarsia.backend.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Limits;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Support;
import org.intarsia.backend.testkit.cases.Values;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Interpreter;
import org.intarsia.graph.Lowering;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;

/**
 * A device that runs each node by the interpreter and rounds its result to the node's encoding, so it is as right as a
 * float32 device can be; a {@link Fault} makes it wrong on purpose.
 */
class ReferenceDevice implements Device {

    /** Changes the value of a node before it is stored. */
    interface Fault {
        double[] spoil(Node node, List<double[]> operands, double[] result);
    }

    private final Fault fault;
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong allocated = new AtomicLong();
    private boolean closed;

    ReferenceDevice() {
        this((node, operands, result) -> result);
    }

    ReferenceDevice(Fault fault) {
        this.fault = fault;
    }

    @Override
    public DeviceInfo info() {
        return new DeviceInfo("reference", "float64 interpreter, rounded", 1L << 40, List.of(Conformance.SAME_BITS_FOR_ANY_THREADS));
    }

    /** Core ops run as they are, all else is decomposed; what has neither a meaning nor a decomposition is refused. */
    @Override
    public Support supports(Node node) {
        if (node.op().getClass().getPackage().equals(Leaf.class.getPackage())) {
            return decomposes(node) ? new Support.Decompose() : new Support.Native();
        }
        return decomposes(node) ? new Support.Decompose() : new Support.Unsupported("no kernel for " + node.op().kind());
    }

    private static boolean decomposes(Node node) {
        GraphBuilder g = new GraphBuilder();
        return node.op().decompose(g, operands(g, node)).isPresent();
    }

    private static List<Node> operands(GraphBuilder g, Node node) {
        return IntStream.range(0, node.operands().size()).mapToObj(i -> {
            TensorType type = node.operand(i).type();
            return i == 0 && node.op().writesState() ? g.state("0", type) : g.input(Integer.toString(i), type);
        }).toList();
    }

    @Override
    public Buffer allocate(TensorType type) {
        check();
        return new Memory(type, Arena.ofShared(), null);
    }

    @Override
    public Buffer constant(TensorType type, MemorySegment content) {
        check();
        if (content.byteSize() != type.bytes()) {
            throw new BackendException("a constant of " + type + " takes " + type.bytes() + " bytes, got " + content.byteSize());
        }
        return new Memory(type, null, content);
    }

    @Override
    public Plan compile(Graph graph, Map<String, Buffer> bound, int threads) {
        check();
        Graph lowered = Lowering.lower(graph, node -> !(supports(node) instanceof Support.Decompose));
        TreeSet<String> complaints = new TreeSet<>();
        for (Node node : lowered.nodes()) {
            if (supports(node) instanceof Support.Unsupported(String reason)) {
                complaints.add(reason);
            }
            if (node.op() instanceof Leaf.Named leaf && !(leaf instanceof Leaf.Input)
                    && (!bound.containsKey(leaf.leafName()) || !bound.get(leaf.leafName()).type().equals(node.type()))) {
                complaints.add(leaf.kind() + " '" + leaf.leafName() + "' needs a buffer of " + node.type());
            }
        }
        if (!complaints.isEmpty()) {
            throw new BackendException(String.join("; ", complaints));
        }
        return new Replay(graph, bound);
    }

    @Override
    public Limits measureLimits() {
        check();
        return new Limits(1, 1);
    }

    private void check() {
        if (closed) {
            throw new BackendException("the device is closed");
        }
    }

    @Override
    public long allocatedBytes() {
        return allocated.get();
    }

    @Override
    public void close() {
        closed = true;
        for (AutoCloseable made : Set.copyOf(open)) {
            try {
                made.close();
            } catch (Exception impossible) {
                throw new AssertionError(impossible);
            }
        }
    }

    private final class Memory implements Buffer {
        private final TensorType type;
        private final Arena arena;
        final MemorySegment bytes;

        Memory(TensorType type, Arena arena, MemorySegment content) {
            this.type = type;
            this.arena = arena;
            this.bytes = content != null ? content : arena.allocate(type.bytes(), 64);
            if (arena != null) {
                allocated.addAndGet(type.bytes());
            }
            open.add(this);
        }

        @Override
        public TensorType type() {
            return type;
        }

        @Override
        public void write(MemorySegment source) {
            if (arena == null || source.byteSize() > bytes.byteSize()) {
                throw new BackendException(arena == null ? "a constant cannot be written"
                        : source.byteSize() + " bytes do not fit into " + bytes.byteSize());
            }
            bytes.asSlice(0, source.byteSize()).copyFrom(source);
        }

        @Override
        public void read(MemorySegment target) {
            if (target.byteSize() > bytes.byteSize()) {
                throw new BackendException(target.byteSize() + " bytes asked of " + bytes.byteSize());
            }
            target.copyFrom(bytes.asSlice(0, target.byteSize()));
        }

        double[] values(long count) {
            return Values.decode(bytes.asSlice(0, type.encoding().bytes(count)), type.encoding());
        }

        @Override
        public void close() {
            if (open.remove(this) && arena != null) {
                allocated.addAndGet(-type.bytes());
                arena.close();
            }
        }
    }

    private final class Replay implements Plan {
        private final Graph graph;
        private final Map<String, Buffer> bound;
        private final Map<String, Memory> inputs = new LinkedHashMap<>();
        private final Map<String, Memory> outputs = new LinkedHashMap<>();

        Replay(Graph graph, Map<String, Buffer> bound) {
            this.graph = graph;
            this.bound = Map.copyOf(bound);
            graph.leaves(Leaf.Input.class).forEach((name, node) -> inputs.put(name, (Memory) allocate(node.type())));
            graph.outputs().forEach((name, node) -> outputs.put(name, (Memory) allocate(node.type())));
            open.add(this);
        }

        @Override
        public Buffer input(String name) {
            return find(inputs, name);
        }

        @Override
        public Buffer output(String name) {
            return find(outputs, name);
        }

        private static Buffer find(Map<String, Memory> buffers, String name) {
            if (!buffers.containsKey(name)) {
                throw new BackendException("the plan has no '" + name + "'; it has " + buffers.keySet());
            }
            return buffers.get(name);
        }

        @Override
        public void run(Map<String, Long> sizes) {
            check();
            Graph core = Lowering.lower(graph.bind(sizes), node -> !(supports(node) instanceof Support.Decompose));
            Map<Node, double[]> results = new HashMap<>();
            for (Node node : core.nodes()) {
                results.put(node, value(node, node.operands().stream().map(results::get).toList()));
            }
            core.outputs().forEach((name, node) -> store(outputs.get(name), results.get(node)));
        }

        private double[] value(Node node, List<double[]> operands) {
            if (node.op() instanceof Leaf.Named leaf) {
                Memory memory = leaf instanceof Leaf.Input ? inputs.get(leaf.leafName()) : (Memory) bound.get(leaf.leafName());
                return fault.spoil(node, operands, memory.values(node.shape().elements()));
            }
            if (node.op().writesState()) {
                double[] written = fault.spoil(node, operands, operands.get(1).clone());
                Node state = node;
                while (state.op().alias() >= 0) {
                    state = state.operand(state.op().alias());
                }
                store((Memory) bound.get(((Leaf.State) state.op()).leafName()), written);
                return written;
            }
            GraphBuilder g = new GraphBuilder();
            Node result = g.add(node.op(), operands(g, node).toArray(Node[]::new));
            Map<String, double[]> values = new HashMap<>();
            for (int i = 0; i < operands.size(); i++) {
                values.put(Integer.toString(i), operands.get(i));
            }
            double[] exact = Interpreter.run(g.build(Map.of("y", result)), values, Map.of()).get("y");
            double[] rounded = Arrays.stream(exact).map(value -> Values.round(value, node.encoding())).toArray();
            return fault.spoil(node, operands, rounded);
        }

        private static void store(Memory memory, double[] values) {
            Encoding encoding = memory.type().encoding();
            Values.encode(values, encoding, memory.bytes);
        }

        @Override
        public void close() {
            open.remove(this);
            inputs.values().forEach(Memory::close);
            outputs.values().forEach(Memory::close);
        }
    }
}
