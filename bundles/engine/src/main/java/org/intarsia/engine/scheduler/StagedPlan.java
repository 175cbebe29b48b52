package org.intarsia.engine.scheduler;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Graph;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;

/** The plans of the stages of one graph, which run one after the other; each gets the output of the one before. */
final class StagedPlan implements Plan {
    private final List<Stage> stages;
    private final List<String> boundaries;
    private final Arena memory = Arena.ofShared();
    private MemorySegment handed = MemorySegment.NULL;
    private boolean closed;

    /**
     * A stage.
     *
     * @param sizes the named sizes that it has
     */
    record Stage(Graph graph, Plan plan, Set<String> sizes) {
        static Stage of(Graph graph, Plan plan) {
            Set<String> sizes = new TreeSet<>();
            graph.nodes().forEach(node -> node.shape().dims().stream().filter(dim -> !dim.isFixed()).map(Dim::name).forEach(sizes::add));
            return new Stage(graph, plan, sizes);
        }

        boolean reads(String input) {
            return graph.leaves(Leaf.Input.class).containsKey(input);
        }
    }

    /** @param boundaries what each stage but the last hands on */
    StagedPlan(List<Stage> stages, List<String> boundaries) {
        this.stages = List.copyOf(stages);
        this.boundaries = List.copyOf(boundaries);
    }

    /** Writes go to every stage that reads the input. */
    @Override
    public Buffer input(String name) {
        List<Buffer> all = new ArrayList<>();
        stages.stream().filter(stage -> stage.reads(name)).forEach(stage -> all.add(stage.plan().input(name)));
        return new Inputs(all);
    }

    @Override
    public Buffer output(String name) {
        return stages.getLast().plan().output(name);
    }

    @Override
    public void run(Map<String, Long> sizes) {
        for (int number = 0; number < stages.size(); number++) {
            Stage stage = stages.get(number);
            Map<String, Long> own = new TreeMap<>(sizes);
            own.keySet().retainAll(stage.sizes());
            if (number > 0) {
                hand(stages.get(number - 1), stage, boundaries.get(number - 1), sizes);
            }
            stage.plan().run(own);
        }
    }

    private void hand(Stage from, Stage to, String boundary, Map<String, Long> sizes) {
        Buffer output = from.plan().output(boundary);
        long bytes = output.type().bind(sizes).bytes();
        if (handed.byteSize() < bytes) {
            handed = memory.allocate(output.type().bytes(), Float.BYTES);
        }
        MemorySegment part = handed.asSlice(0, bytes);
        output.read(part);
        to.plan().input(boundary).write(part);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            stages.forEach(stage -> stage.plan().close());
            memory.close();
        }
    }

    /** One input of several stages. */
    private record Inputs(List<Buffer> all) implements Buffer {
        @Override
        public TensorType type() {
            return all.getFirst().type();
        }

        @Override
        public void write(MemorySegment source) {
            all.forEach(buffer -> buffer.write(source));
        }

        @Override
        public void read(MemorySegment target) {
            all.getFirst().read(target);
        }

        /** The plans own them. */
        @Override
        public void close() {
        }
    }
}
