package org.intarsia.engine.scheduler;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Plan;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.engine.stages.StageStep;
import org.intarsia.graph.Graph;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;

/**
 * Layers on another host, as one device among those of a {@link StagedCompiler}. The host builds its graph and keeps its states itself:
 * what is compiled here is a plan that sends a step there and waits for its result.
 */
public final class StageCompiler implements PlanCompiler {
    private final Stage stage;
    private final StageLayers layers;
    private int blocks;

    /**
     * Takes a stage over, and closes it in the end.
     *
     * @param layers as it was opened
     */
    public StageCompiler(Stage stage, StageLayers layers) {
        this.stage = stage;
        this.layers = layers;
        this.blocks = layers.blocks();
    }

    @Override
    public Plan compile(Graph graph, Map<String, Buffer> states) {
        return new StagePlan(graph);
    }

    @Override
    public boolean isAlikeBesideOthers() {
        return stage.isAlikeBesideOthers();
    }

    /** Lets the stage grow where its states are smaller. What it has stays, so that nothing need be copied. */
    @Override
    public Buffer allocate(TensorType type) {
        int asked = Math.toIntExact(type.shape().size(0));
        if (asked > blocks) {
            stage.grow(asked);
            blocks = asked;
        }
        return new Elsewhere(type);
    }

    @Override
    public void copy(Buffer from, Buffer to) {
        // The host has done that when the larger state was allocated.
    }

    @Override
    public void close() {
        stage.close();
    }

    /** The step that is sent, from inputs that wait here. */
    private final class StagePlan implements Plan {
        private final Map<String, HostBuffer> inputs = new HashMap<>();
        private final HostBuffer output;

        StagePlan(Graph graph) {
            graph.leaves(Leaf.Input.class).forEach((name, node) -> inputs.put(name, new HostBuffer(node.type())));
            output = new HostBuffer(graph.outputs().get(StagedCompiler.boundary(layers.last())).type());
        }

        @Override
        public Buffer input(String name) {
            return inputs.get(name);
        }

        @Override
        public Buffer output(String name) {
            return output;
        }

        @Override
        public void run(Map<String, Long> sizes) {
            int tokens = Math.toIntExact(sizes.get(StepGraph.TOKENS));
            int[][] positions = IntStream.iterate(0, axis -> inputs.containsKey(StepGraph.POSITION + axis), axis -> axis + 1)
                    .mapToObj(axis -> ints(StepGraph.POSITION + axis, tokens)).toArray(int[][]::new);
            HostBuffer hidden = inputs.get(StagedCompiler.boundary(layers.first() - 1));
            float[] result = stage.run(new StageStep(ints(StepGraph.PLACE, tokens), positions, ints(StepGraph.BLOCK, tokens),
                    ints(StepGraph.OFFSET, tokens), ints(StepGraph.ROW, tokens), written(StepGraph.TABLE),
                    hidden.floats(Math.toIntExact(hidden.type().bind(sizes).shape().elements()))));
            output.write(result);
        }

        private int[] written(String name) {
            HostBuffer input = inputs.get(name);
            return input.ints(Math.toIntExact(input.content().byteSize() / Integer.BYTES));
        }

        private int[] ints(String name, int tokens) {
            HostBuffer input = inputs.get(name);
            return input == null ? new int[tokens] : input.ints(tokens);
        }

        /** There is nothing of it here. */
        @Override
        public void close() {
        }
    }

    /** A state that only the other host has. */
    private record Elsewhere(TensorType type) implements Buffer {
        @Override
        public void write(MemorySegment source) {
            throw new BackendException("keys and values of another host cannot be written from here");
        }

        @Override
        public void read(MemorySegment target) {
            throw new BackendException("keys and values of another host stay there");
        }

        /** The stage has the memory. */
        @Override
        public void close() {
        }
    }
}
