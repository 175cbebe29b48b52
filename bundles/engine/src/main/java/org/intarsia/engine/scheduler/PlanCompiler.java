package org.intarsia.engine.scheduler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;

/** The device that computes a model, with the model's weights on it; or several, each of which computes some layers. */
public interface PlanCompiler extends AutoCloseable {

    /**
     * Compiles a graph, with its parameters bound to the weights of the model.
     *
     * @param states a buffer of this device for each state
     */
    Plan compile(Graph graph, Map<String, Buffer> states);

    /**
     * Whether the scores of a token have the same bits beside any others: only then do generations share steps and what they have
     * read, since their answers must not depend on each other.
     */
    boolean isAlikeBesideOthers();

    /**
     * Takes memory of the device.
     *
     * @throws org.intarsia.backend.api.BackendException where it has no such piece of memory left
     */
    Buffer allocate(TensorType type);

    /**
     * Takes memory for all states of a graph, each on the device that has it, or for none.
     *
     * @throws org.intarsia.backend.api.BackendException as {@link #allocate(TensorType)}
     */
    default Map<String, Buffer> allocate(Graph graph) {
        Map<String, Buffer> allocated = new HashMap<>();
        boolean whole = false;
        try {
            graph.leaves(Leaf.State.class).forEach((name, node) -> allocated.put(name, of(name).allocate(node.type())));
            whole = true;
            return allocated;
        } finally {
            if (!whole) {
                allocated.values().forEach(Buffer::close);
            }
        }
    }

    /** Copies all blocks of a state to the first of a larger one. */
    default void copy(Buffer from, Buffer to) {
        GraphBuilder graph = new GraphBuilder();
        long blocks = from.type().shape().size(0);
        long size = from.type().shape().size(1);
        Node all = graph.computed(graph.state("from", from.type()));
        Node copied = graph.stateAppend(graph.state("to", to.type()), all, graph.iota(TensorType.i32(blocks, size), 1),
                graph.iota(TensorType.i32(blocks), 0));
        try (Plan plan = compile(graph.build(Map.of("copied", copied)), Map.of("from", from, "to", to))) {
            plan.run();
        }
    }

    /** Returns the device that has a state of this name. */
    default PlanCompiler of(String state) {
        return this;
    }

    /**
     * Returns the layers behind which steps are cut, in their order: there the residual stream is an output of the graph, by the name
     * that {@link StagedCompiler#boundary} gives.
     */
    default List<Integer> boundaries() {
        return List.of();
    }

    /** Lets go of what it has of other hosts, once its plans and states are closed; a device of this host stays. */
    @Override
    default void close() {
    }
}
