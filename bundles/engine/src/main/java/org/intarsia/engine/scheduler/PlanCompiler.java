package org.intarsia.engine.scheduler;

import java.util.Map;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.Graph;
import org.intarsia.graph.TensorType;

/** The device that computes a model, with the model's weights on it. */
public interface PlanCompiler {

    /**
     * Compiles a graph, with its parameters bound to the weights of the model.
     *
     * @param states a buffer of this device for each state
     */
    Plan compile(Graph graph, Map<String, Buffer> states);

    /**
     * Takes memory of the device.
     *
     * @throws org.intarsia.backend.api.BackendException where it has no such piece of memory left
     */
    Buffer allocate(TensorType type);
}
