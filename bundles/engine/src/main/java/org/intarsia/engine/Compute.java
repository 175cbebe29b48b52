package org.intarsia.engine;

import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.engine.api.Placement;
import org.intarsia.graph.Graph;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.weights.Tensor;

/**
 * The device of an opened model with the weights on it: opened when first needed, let go when its backend leaves, and
 * opened again on whichever backend is there then. Use it inside {@link Registry#using}.
 */
final class Compute {
    private final Registry registry;
    private final Placement placement;
    private final ModelFiles files;
    private final Map<String, Buffer> parameters = new HashMap<>();
    private Backend backend;
    private Device device;

    @Inject
    Compute(Registry registry, Placement placement, ModelFiles files) {
        this.registry = registry;
        this.placement = placement;
        this.files = files;
    }

    /**
     * Compiles a graph, with its parameters bound to the weights of the model.
     *
     * @param states a buffer of this device for each state
     */
    synchronized Plan compile(Graph graph, Map<String, Buffer> states) {
        Map<String, Buffer> bound = new HashMap<>(states);
        graph.leaves(Leaf.Parameter.class).forEach((name, node) -> bound.put(name, parameter(name)));
        return device().compile(graph, bound, 0);
    }

    synchronized Buffer allocate(TensorType type) {
        return device().allocate(type);
    }

    /** Whether this backend is in use. */
    synchronized boolean uses(Object candidate) {
        return backend == candidate && device != null;
    }

    /** Lets go of the device and of all that lies on it; call it while nobody computes. */
    synchronized void drop() {
        parameters.clear();
        if (device != null) {
            device.close();
        }
        device = null;
        backend = null;
    }

    private Buffer parameter(String name) {
        return parameters.computeIfAbsent(name, key -> {
            Tensor tensor = files.weights().get(key);
            return device().constant(tensor.type(), tensor.content());
        });
    }

    private Device device() {
        if (device == null) {
            Backend chosen = registry.backend(placement.backend());
            device = Registry.open(chosen, placement);
            backend = chosen;
        }
        return device;
    }
}
