package org.intarsia.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Compilation;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.cpu.code.MachineCode;
import org.intarsia.backend.cpu.host.CpuBuffer;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.host.ReadAhead;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.rounding.PlanWeights;
import org.intarsia.backend.cpu.rounding.ProductLibrary;
import org.intarsia.backend.cpu.rounding.RoundedRows;
import org.intarsia.backend.cpu.rounding.Rounding;
import org.intarsia.backend.cpu.step.NodeBinding;
import org.intarsia.backend.cpu.step.Rotations;
import org.intarsia.backend.cpu.step.Step;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.graph.Graph;
import org.intarsia.graph.MemoryPlan;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;

/**
 * A graph as a list of steps, bound to addresses. Named sizes change the steps but not the addresses, so for each set of
 * sizes the steps are bound once and kept.
 */
final class CpuPlan implements Plan {
    /** Sets of sizes that are remembered; generating a long text meets few, a changing batch more. */
    private static final int REMEMBERED = 256;

    private final Graph graph;
    private final Map<String, CpuBuffer> bound;
    private final Kernels kernels;
    private final CpuDevice.Shared shared;
    private final Consumer<CpuPlan> onClose;
    private final Rotations rotations = new Rotations();
    private final Arena arena = Arena.ofShared();
    private final MemoryPlan memoryPlan;
    private final MemorySegment memory;
    private final Map<String, CpuBuffer> inputs = new TreeMap<>();
    private final Map<String, CpuBuffer> outputs = new TreeMap<>();
    private final long bytes;
    private final Map<Map<String, Long>, Bound> programs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<String, Long>, Bound> eldest) {
            if (size() > REMEMBERED) {
                eldest.getValue().constants().close();
                return true;
            }
            return false;
        }
    };
    private final long[] starts;
    private final ReadAhead readAhead;
    private final PlanWeights packed;
    private final Optional<ProductLibrary> library;
    private boolean closed;

    /** The steps for one set of sizes, where the weights of each begin for {@link ReadAhead}, and the memory of its constants. */
    private record Bound(Step[] steps, long[] starts, Arena constants) {
    }

    /**
     * Allocates memory.
     *
     * @param code     multiplies where the settings allow it; empty where there are no vectors beside it
     * @param rounding what a plan uses that may round; empty where the plan computes exactly
     */
    CpuPlan(Graph graph, Map<String, CpuBuffer> bound, Kernels kernels, CpuDevice.Shared shared, Settings settings,
            Optional<MachineCode> code, Optional<Rounding> rounding, Consumer<CpuPlan> onClose) {
        this.graph = graph;
        this.bound = bound;
        this.kernels = kernels;
        this.shared = shared;
        this.onClose = onClose;
        memoryPlan = MemoryPlan.of(graph, node -> node.op() instanceof Leaf, MemoryPlan::inPlace, CpuBuffer.ALIGNMENT);
        memory = CpuBuffer.allocate(arena, memoryPlan.bytes());
        long inputBytes = 0;
        for (Map.Entry<String, Node> input : graph.leaves(Leaf.Input.class).entrySet()) {
            TensorType type = input.getValue().type();
            inputs.put(input.getKey(), CpuBuffer.view(type, CpuBuffer.allocate(arena, type.bytes())));
            inputBytes += type.bytes();
        }
        bytes = memoryPlan.bytes() + inputBytes;
        for (Map.Entry<String, Node> output : graph.outputs().entrySet()) {
            outputs.put(output.getKey(), output(output.getValue()));
        }
        starts = ReadAhead.starts(graph, memoryPlan, bound);
        readAhead = new ReadAhead(ReadAhead.segments(graph, memoryPlan, bound, settings.readahead()));
        library = rounding.map(Rounding::library);
        packed = PlanWeights.of(graph, bound, rounding, settings.packed(), code.filter(_ -> settings.machinecode()));
    }

    private CpuBuffer output(Node node) {
        Node root = graph.nodes().get(memoryPlan.root(node));
        if (root.op() instanceof Leaf.Input input) {
            return inputs.get(input.leafName());
        }
        if (root.op() instanceof Leaf.Named leaf) {
            return bound.get(leaf.leafName());
        }
        if (root.op() instanceof Leaf) {
            // A constant lies in memory that comes and goes with the sizes: the run copies it here.
            return CpuBuffer.view(node.type(), CpuBuffer.allocate(arena, node.type().bytes()));
        }
        return CpuBuffer.view(node.type(), memory.asSlice(memoryPlan.offset(node), node.type().bytes()));
    }

    long bytes() {
        return bytes;
    }

    @Override
    public Buffer input(String name) {
        return Compilation.named("cpu", inputs, name, "input");
    }

    @Override
    public Buffer output(String name) {
        return Compilation.named("cpu", outputs, name, "output");
    }

    @Override
    public void run(Map<String, Long> sizes) {
        shared.turn().lock();
        try {
            if (closed) {
                throw new BackendException("cpu: the plan is closed already");
            }
            bound.values().forEach(CpuBuffer::address);
            Bound program = programs.get(sizes);
            if (program == null) {
                program = bind(sizes);
                programs.put(Map.copyOf(sizes), program);
            }
            ThreadTeam team = shared.team();
            team.enter();
            try {
                readAhead.begin();
                for (int i = 0; i < program.steps().length; i++) {
                    readAhead.reach(program.starts()[i]);
                    program.steps()[i].run(team);
                }
                readAhead.end();
            } finally {
                team.leave();
            }
        } finally {
            shared.turn().unlock();
        }
    }

    private Bound bind(Map<String, Long> sizes) {
        Graph fixed = graph.bind(sizes);
        Arena constants = Arena.ofShared();
        long[] addresses = new long[fixed.nodes().size()];
        List<Step> steps = new ArrayList<>();
        List<Long> needed = new ArrayList<>();
        RoundedRows rounded = new RoundedRows(constants);
        for (Node node : fixed.nodes()) {
            Node root = fixed.nodes().get(memoryPlan.root(node));
            if (root != node && root.op() instanceof Leaf) {
                addresses[node.id()] = addresses[root.id()];
            } else if (node.op() instanceof Leaf leaf) {
                addresses[node.id()] = leafAddress(leaf, constants);
            } else {
                addresses[node.id()] = memory.address() + memoryPlan.offset(node);
            }
            NodeBinding binding = new NodeBinding(node, addresses, kernels, rotations, packed, rounded, library, constants);
            if (!(node.op() instanceof Leaf)) {
                KernelTable.find(node).ifPresent(factory -> {
                    steps.add(factory.bind(binding));
                    needed.add(starts[node.id()]);
                });
            }
        }
        fixed.outputs().forEach((name, node) -> {
            Node root = fixed.nodes().get(memoryPlan.root(node));
            if (root.op() instanceof Leaf && !(root.op() instanceof Leaf.Named)) {
                long from = addresses[node.id()];
                long to = outputs.get(name).address();
                steps.add(team -> Memory.copy(from, to, node.type().bytes()));
                needed.add(0L);
            }
        });
        return new Bound(steps.toArray(Step[]::new), needed.stream().mapToLong(Long::longValue).toArray(), constants);
    }

    private long leafAddress(Leaf leaf, Arena constants) {
        return switch (leaf) {
            case Leaf.Input input -> inputs.get(input.leafName()).address();
            case Leaf.Named named -> bound.get(named.leafName()).address();
            default -> Constants.write(leaf, CpuBuffer.allocate(constants, leaf.type().bytes()).address());
        };
    }

    @Override
    public void close() {
        shared.turn().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            readAhead.close();
            programs.values().forEach(program -> program.constants().close());
            programs.clear();
            arena.close();
            packed.close();
            if (shared.team().size() == 1) {
                shared.team().close();
            }
        } finally {
            shared.turn().unlock();
        }
        onClose.accept(this);
    }
}
