package org.intarsia.backend.gpu.plan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Compilation;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.gpu.Driver;
import org.intarsia.graph.Graph;
import org.intarsia.graph.MemoryPlan;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;

/**
 * A graph as recorded lists of kernels. Kernels and memory are laid down when the plan is made, for the largest sizes;
 * what depends on named sizes stands in an array of parameters, which is computed once for each set of sizes. Some sizes
 * leave kernels with nothing to do, since an op may have one for few rows and another for many: so there is a recording
 * for each set of kernels that work together, made when it is needed first.
 */
final class GpuPlan implements Plan {
    /** Sets of sizes whose parameters are remembered. */
    private static final int REMEMBERED = 64;

    /** A recording, and what it takes for certain sizes. */
    private record Run(Driver.Program program, int[] parameters) {
    }

    private final GpuDevice device;
    private final Graph graph;
    private final Map<String, GpuBuffer> bound;
    private final MemoryPlan memoryPlan;
    private final List<Driver.Memory> memories = new ArrayList<>();
    private final Map<String, GpuBuffer> inputs = new TreeMap<>();
    private final Map<String, IndexGuard> guards;
    private final Map<String, GpuBuffer> outputs = new TreeMap<>();
    private final Map<Node, GpuBuffer> constants = new HashMap<>();
    /** Computed when the plan is made; they lie among the constants. */
    private final Set<Node> precomputed;
    /** All kernels, for the largest sizes. */
    private final List<Launch> launches;
    /** By the places of their kernels among the launches. */
    private final Map<BitSet, Driver.Program> programs = new ConcurrentHashMap<>();
    private Driver.Memory values;
    private Driver.Memory scratch;
    private boolean closed;
    private final Map<Map<String, Long>, Run> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<String, Long>, Run> eldest) {
            return size() > REMEMBERED;
        }
    };

    GpuPlan(GpuDevice device, Graph graph, Map<String, GpuBuffer> bound) {
        this.device = device;
        this.graph = graph;
        this.bound = bound;
        this.precomputed = PrecomputedValues.of(graph, bound);
        this.memoryPlan = MemoryPlan.of(graph, this::isExternal, MemoryPlan::inPlace, device.driver().alignment());
        boolean made = false;
        try {
            List<Launch> once = launches(graph, true);
            launches = launches(graph.bounded(), false);
            allocate(Stream.concat(once.stream(), launches.stream()).mapToLong(Launch::scratch).max().orElse(0));
            launches.forEach(launch -> device.kernel(launch.source()));
            compute(once);
            made = true;
        } finally {
            if (!made) {
                memories.forEach(device::free);
            }
        }
        guards = IndexGuard.of(graph, inputs);
    }

    /** What has memory of its own: leaves, and what is kept from run to run. */
    private boolean isExternal(Node node) {
        return node.op() instanceof Leaf.Named || isWritten(node) || precomputed.contains(node);
    }

    /** Whether it is a constant that the host writes; where all its values are one, a kernel fills it. */
    private static boolean isWritten(Node node) {
        return node.op() instanceof Leaf.Constant constant && !constant.isSplat();
    }

    /** @param once whether those of values that last are meant, or those of the others */
    private List<Launch> launches(Graph fixed, boolean once) {
        List<Launch> launches = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (precomputed.contains(node) == once) {
                launches.addAll(device.table().launches(node, fixed.nodes().get(node.id())));
            }
        }
        return launches;
    }

    private void compute(List<Launch> once) {
        if (!once.isEmpty()) {
            try (Driver.Program program = record(once)) {
                program.run(once.stream().map(Launch::parameters).flatMapToInt(Arrays::stream).toArray());
            }
        }
    }

    /** @param most bytes of scratch memory that a launch needs */
    private void allocate(long most) {
        if (memoryPlan.bytes() > 0) {
            values = memory(memoryPlan.bytes());
        }
        if (most > 0) {
            scratch = memory(most);
        }
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Leaf.Input input) {
                inputs.put(input.leafName(), view(node.type(), memory(GpuBuffer.bytes(node.type())), 0));
            } else if (isWritten(node) || precomputed.contains(node) && node.op().alias() < 0) {
                Driver.Memory memory = memory(GpuBuffer.bytes(node.type()));
                if (isWritten(node)) {
                    write((Leaf.Constant) node.op(), memory);
                }
                constants.put(node, view(node.type(), memory, 0));
            }
        }
        graph.outputs().forEach((name, node) -> outputs.put(name, place(node)));
    }

    private static void write(Leaf.Constant constant, Driver.Memory memory) {
        long bytes = constant.type().bytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocate(Math.max(1, bytes), 8);
            Encodings.write(constant, content);
            memory.write(0, content.asSlice(0, bytes));
        }
    }

    private Driver.Memory memory(long bytes) {
        Driver.Memory memory = device.memory(bytes);
        memories.add(memory);
        return memory;
    }

    private GpuBuffer view(TensorType type, Driver.Memory memory, long offset) {
        return new GpuBuffer(device.name(), type, memory, offset, false, () -> { });
    }

    private List<Driver.Binding> bindings(Launch launch) {
        List<Driver.Binding> bindings = new ArrayList<>(launch.arrays().stream().map(this::binding).toList());
        launch.windows().forEach((array, window) -> {
            Driver.Binding whole = bindings.get(array);
            bindings.set(array, new Driver.Binding(whole.memory(), whole.offset() + window.offset(), window.bytes()));
        });
        return bindings;
    }

    private Driver.Binding binding(Node node) {
        return node == Launch.SCRATCH ? new Driver.Binding(scratch, 0, scratch.bytes()) : place(node).binding();
    }

    /** Where a value lies. */
    private GpuBuffer place(Node node) {
        Node root = graph.nodes().get(memoryPlan.root(node));
        return switch (root.op()) {
            case Leaf.Input input -> inputs.get(input.leafName());
            case Leaf.Named leaf -> bound.get(leaf.leafName());
            default -> constants.containsKey(root) ? constants.get(root)
                    : view(node.type(), values, memoryPlan.offset(node));
        };
    }

    @Override
    public Buffer input(String name) {
        Buffer input = Compilation.named(device.name(), inputs, name, "input");
        return guards.containsKey(name) ? guards.get(name) : input;
    }

    @Override
    public Buffer output(String name) {
        return Compilation.named(device.name(), outputs, name, "output");
    }

    @Override
    public void run(Map<String, Long> sizes) {
        if (closed) {
            throw new BackendException(device.name() + ": the plan is closed already");
        }
        bound.values().forEach(GpuBuffer::checkOpen);
        Run run = remembered.get(sizes);
        if (run == null) {
            run = prepare(launches(graph.bind(sizes), false));
            remembered.put(Map.copyOf(sizes), run);
        }
        guards.values().forEach(guard -> guard.check(device.name(), sizes));
        run.program().run(run.parameters());
    }

    private Run prepare(List<Launch> sized) {
        if (!lengths(sized).equals(lengths(launches))) {
            throw new IllegalStateException("the kernels of a plan must not depend on its sizes");
        }
        BitSet working = new BitSet();
        for (int i = 0; i < sized.size(); i++) {
            working.set(i, sized.get(i).works());
        }
        Driver.Program program = programs.computeIfAbsent(working,
                places -> record(places.stream().mapToObj(launches::get).toList()));
        return new Run(program, working.stream().mapToObj(sized::get).map(Launch::parameters).flatMapToInt(Arrays::stream)
                .toArray());
    }

    /** How many parameters each takes. */
    private static List<Integer> lengths(List<Launch> launches) {
        return launches.stream().map(launch -> launch.parameters().length).toList();
    }

    private Driver.Program record(List<Launch> working) {
        List<Driver.Dispatch> dispatches = new ArrayList<>();
        int first = 0;
        for (Launch launch : working) {
            dispatches.add(new Driver.Dispatch(device.kernel(launch.source()), bindings(launch), launch.source().written(),
                    first));
            first += launch.parameters().length;
        }
        return device.driver().record(dispatches, first);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            programs.values().forEach(Driver.Program::close);
            memories.forEach(device::free);
            device.closed(this);
        }
    }
}
