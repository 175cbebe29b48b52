package org.intarsia.engine.scheduler;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Plan;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.engine.stages.StageStep;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphStages;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.TransformerCore;

/**
 * Computes some layers of a model for a {@link StepRunner} on another host, which decides alone what lies where in the cache. What it
 * is told is checked, since it comes from a network. Not safe for use by several threads.
 */
public final class StageRunner implements AutoCloseable {
    private final PlanCompiler compiler;
    private final TransformerCore core;
    private final StageLayers layers;
    private final long mostBytes;
    private StepGraph steps;
    private Map<String, Buffer> states;
    private Plan plan;
    private Set<String> inputs = Set.of();
    private boolean closed;

    /**
     * Takes memory for the cache.
     *
     * @param layers as the other host describes them
     * @param limits the most tokens of a step, and bytes of the cache; where a single stream needs more, it gets that
     * @throws ModelException   when these are no layers of this model, or both hosts would not compute the same
     * @throws BackendException when there is no room
     */
    public StageRunner(PlanCompiler compiler, TransformerCore core, StageLayers layers, SchedulerLimits limits) {
        this.compiler = compiler;
        this.core = core;
        this.layers = layers;
        this.mostBytes = limits.cacheBytes();
        int last = core.geometry().layers() - 1;
        if (layers.first() < 1 || layers.last() < layers.first() || layers.last() > last || layers.blockSize() < 1
                || layers.blockSize() > core.geometry().context() || layers.blocks() < 1 || layers.tokens() < 1
                || layers.tokens() > limits.tokens()) {
            throw new ModelException("layers " + layers.first() + " to " + layers.last() + " of " + (last + 1) + " for " + layers.tokens()
                    + " tokens and " + layers.blocks() + " blocks of " + layers.blockSize() + " cannot be computed here, where a step has "
                    + limits.tokens() + " tokens at most: let both hosts have the same settings");
        }
        steps = step(core, layers, layers.blocks());
        checkRoom(steps);
        Graph graph = graph(steps, layers);
        if (!GraphHash.of(graph).equals(layers.graph())) {
            throw new ModelException("the other host would compute layers " + layers.first() + " to " + layers.last()
                    + " otherwise than this one: let both have the same files of the model and the same bundles");
        }
        states = compiler.allocate(graph);
    }

    /** Describes the steps in which some layers are cut out, with a cache of so many blocks. */
    static StepGraph step(TransformerCore core, StageLayers layers, int blocks) {
        return new StepGraph(core, layers.tokens(), 1, blocks, layers.blockSize(), layers.cache(), List.of(layers.first() - 1, layers.last()));
    }

    /** Cuts some layers out of a step. */
    static Graph graph(StepGraph step, StageLayers layers) {
        return GraphStages.cut(step.build(step.usual()), step.boundaries().stream().map(StagedCompiler::boundary).toList()).get(1);
    }

    /** Refuses a cache that is larger than it may be, before anything is computed of its size. */
    private void checkRoom(StepGraph asked) {
        TransformerCore.Geometry geometry = core.geometry();
        double each = 2.0 * layers.cache().bytes(geometry.keyHeads() * (long) geometry.headDim()) * layers.blockSize()
                * (layers.last() - layers.first() + 1);
        long alone = 2L * (asked.tableWidth() + Math.ceilDiv(layers.tokens(), layers.blockSize())) + 1;
        if (asked.blocks() > Math.max(alone, mostBytes / each)) {
            throw new BackendException(asked.blocks() + " blocks of keys and values are more than the " + (mostBytes >> 20)
                    + " MiB that this host has for them; it takes more by the setting cache of the engine");
        }
    }

    /** Tells whether it was closed: nothing else may be asked of it then. */
    public boolean isClosed() {
        return closed;
    }

    /** As {@link org.intarsia.engine.stages.Stage#isAlikeBesideOthers}. */
    public boolean isAlikeBesideOthers() {
        return compiler.isAlikeBesideOthers();
    }

    /** As {@link org.intarsia.engine.stages.Stage#grow}. */
    public void grow(int asked) {
        if (asked <= steps.blocks()) {
            return;
        }
        StepGraph larger = step(core, layers, asked);
        checkRoom(larger);
        Map<String, Buffer> next = compiler.allocate(graph(larger, layers));
        states.forEach((name, state) -> compiler.copy(state, next.get(name)));
        closePlan();
        states.values().forEach(Buffer::close);
        states = next;
        steps = larger;
    }

    /** As {@link org.intarsia.engine.stages.Stage#run}. */
    public float[] run(StageStep step) {
        check(step);
        if (plan == null) {
            Graph graph = graph(steps, layers);
            inputs = graph.leaves(Leaf.Input.class).keySet();
            plan = compiler.compile(graph, states);
        }
        plan.input(StagedCompiler.boundary(layers.first() - 1)).write(step.hidden());
        write(StepGraph.PLACE, step.place());
        for (int axis = 0; axis < step.positions().length; axis++) {
            write(StepGraph.POSITION + axis, step.positions()[axis]);
        }
        write(StepGraph.BLOCK, step.block());
        write(StepGraph.OFFSET, step.offset());
        write(StepGraph.ROW, step.row());
        write(StepGraph.TABLE, step.table());
        plan.run(Map.of(StepGraph.TOKENS, (long) step.tokens()));
        return plan.output(StagedCompiler.boundary(layers.last())).floats(step.hidden().length);
    }

    private void write(String input, int[] values) {
        // Some families read no places, but positions of their own.
        if (inputs.contains(input)) {
            plan.input(input).write(values);
        }
    }

    private void check(StageStep step) {
        int tokens = step.tokens();
        int width = steps.tableWidth();
        int blocks = steps.blocks();
        boolean fits = tokens >= 1 && tokens <= layers.tokens() && step.hidden().length == (long) tokens * core.geometry().hidden()
                && step.positions().length == steps.axes() && step.table().length % width == 0 && step.table().length <= (long) tokens * width
                && step.block().length == tokens && step.offset().length == tokens && step.row().length == tokens
                && within(step.place(), core.geometry().context()) && within(step.block(), blocks)
                && within(step.offset(), layers.blockSize()) && within(step.row(), step.table().length / width)
                && within(step.table(), blocks);
        for (int[] positions : step.positions()) {
            fits &= positions.length == tokens && within(positions, core.geometry().context());
        }
        if (!fits) {
            throw new ModelException("a step does not fit layers " + layers.first() + " to " + layers.last()
                    + ": a number in it is outside of what the other host has asked room for");
        }
    }

    private static boolean within(int[] values, int end) {
        for (int value : values) {
            if (value < 0 || value >= end) {
                return false;
            }
        }
        return true;
    }

    private void closePlan() {
        if (plan != null) {
            plan.close();
            plan = null;
        }
    }

    /** Gives the memory back. Closing twice is harmless. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            closePlan();
            states.values().forEach(Buffer::close);
        }
    }
}
