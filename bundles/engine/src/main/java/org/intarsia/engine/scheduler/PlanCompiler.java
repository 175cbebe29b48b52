package org.intarsia.engine.scheduler;

import java.util.List;
import java.util.Map;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.Graph;
import org.intarsia.graph.TensorType;

/** The device that computes a model, with the model's weights on it; or several, each of which computes some layers. */
public interface PlanCompiler {

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
}
