package org.intarsia.engine.pipeline;

import com.google.inject.name.Named;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceLostException;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.measure.Recorder;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.scheduler.PlanCompiler;
import org.intarsia.engine.scheduler.SchedulerLimits;
import org.intarsia.engine.scheduler.StageRunner;
import org.intarsia.engine.scheduler.StepRunner;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device of an opened model with the weights on it: opened when first needed, let go when its backend leaves, and
 * opened again on whichever backend is there then. One whose device was lost is not taken again. Use it inside
 * {@link Registry#using}.
 */
public final class DeviceBinding {
    private static final Logger LOGGER = LoggerFactory.getLogger(DeviceBinding.class);
    /** The feature by which devices say so; the conformance suite of backends tries it. */
    private static final String ALIKE = "same-bits-beside-others";

    private final String model;
    private final Registry registry;
    private final Placement placement;
    private final Recorder recorder;
    private final Map<Weights, Map<String, Buffer>> parameters = new IdentityHashMap<>();
    /** For each view of the weights: true where any is block-quantised. */
    private final Map<Weights, Boolean> quantised = new IdentityHashMap<>();
    private final Map<StageRunner, Weights> stages = new IdentityHashMap<>();
    private final Set<Backend> lost = new HashSet<>();
    private Backend backend;
    private Device device;
    /** Where it computes, or has computed at last. */
    private String where;
    /** True once plans were compiled that may round activations. */
    private boolean rounds;
    private int drops;

    /** Makes a binding without a device, which is opened when it is first needed. */
    @Inject
    public DeviceBinding(@Named(PipelineVersions.MODEL) String model, Registry registry, Placement placement, Recorder recorder) {
        this.model = model;
        this.recorder = recorder;
        this.registry = registry;
        this.placement = placement;
    }

    /**
     * Makes a runner of a core, with a key/value cache of its own on the device that is there; the caller closes it.
     *
     * @param weights of the core, as the model's family presents them
     */
    public StepRunner runner(TransformerCore core, Weights weights, SchedulerLimits limits) {
        return new StepRunner(compiler(weights), core, limits, cacheEncoding(weights));
    }

    /** Returns how keys and values are kept: where activations may be rounded, in half as many bytes. */
    Encoding cacheEncoding(Weights weights) {
        return precision(weights) == Precision.FAST ? Encoding.F16 : Encoding.F32;
    }

    /** Returns the device that is there, or is opened when it is first needed, with these weights. */
    PlanCompiler compiler(Weights weights) {
        return new PlanCompiler() {
            @Override
            public Plan compile(Graph graph, Map<String, Buffer> states) {
                return DeviceBinding.this.compile(graph, weights, states);
            }

            @Override
            public boolean isAlikeBesideOthers() {
                return DeviceBinding.this.isAlikeBesideOthers();
            }

            @Override
            public Buffer allocate(TensorType type) {
                return DeviceBinding.this.allocate(type);
            }
        };
    }

    /**
     * Computes some layers for another host, until that gives them back or the device is let go.
     *
     * @param weights of the core, as the model's family presents them
     * @return for {@link #endStage}
     */
    public synchronized StageRunner stage(TransformerCore core, Weights weights, StageLayers layers) {
        StageRunner stage = new StageRunner(compiler(weights), core, layers, registry.limits());
        stages.put(stage, weights);
        return stage;
    }

    /** Ends {@link #stage}; call it while nobody computes. */
    public synchronized void endStage(StageRunner stage) {
        stage.close();
        stages.remove(stage);
    }

    /**
     * Compiles a graph, with its parameters bound to the weights of the model.
     *
     * @param weights as the model's family presents them
     * @param states a buffer of this device for each state
     */
    synchronized Plan compile(Graph graph, Weights weights, Map<String, Buffer> states) {
        return compile(graph, weights, states, precision(weights));
    }

    /**
     * Returns the precision that was asked for; else fast where any of these weights is block-quantised. Weights in BF16 and F16 are
     * exact unless asked, so that a generation chooses the same tokens when it moves to another backend.
     */
    public synchronized Precision precision(Weights weights) {
        return placement.precision().orElseGet(() -> quantised.computeIfAbsent(weights, DeviceBinding::isQuantised)
                ? Precision.FAST : Precision.EXACT);
    }

    private static boolean isQuantised(Weights weights) {
        return weights.names().stream().anyMatch(name -> weights.get(name).type().encoding().isBlockQuantised());
    }

    /** Compiles as {@link #compile(Graph, Weights, Map)} does, with the given precision. */
    public synchronized Plan compile(Graph graph, Weights weights, Map<String, Buffer> states, Precision precision) {
        Map<String, Buffer> bound = new HashMap<>(states);
        graph.leaves(Leaf.Parameter.class).forEach((name, node) -> bound.put(name, parameter(weights, name)));
        Plan plan = device().compile(graph, bound, 0, precision);
        rounds |= precision == Precision.FAST;
        return plan;
    }

    synchronized Buffer allocate(TensorType type) {
        return device().allocate(type);
    }

    /** Whether the device says that a row has the same bits beside any others. */
    synchronized boolean isAlikeBesideOthers() {
        return device().info().features().contains(ALIKE);
    }

    /** Tells whether this backend is in use. */
    public synchronized boolean uses(Object candidate) {
        return backend == candidate && device != null;
    }

    /** Lets go of the device and of all that lies on it; call it while nobody computes and all plans are closed. */
    public synchronized void drop() {
        List.copyOf(stages.keySet()).forEach(this::endStage);
        List.copyOf(parameters.keySet()).forEach(this::forget);
        if (device != null) {
            recorder.left(told(), device.allocatedBytes());
            device.close();
        }
        device = null;
        backend = null;
        drops++;
    }

    /**
     * Returns the device that computes with these weights: backend, device, bundle and version, and {@code fast} where it may round
     * activations.
     */
    public synchronized String where(Weights weights) {
        device();
        rounds |= precision(weights) == Precision.FAST;
        return told();
    }

    private String told() {
        return rounds ? where + " " + Precision.FAST : where;
    }

    /** Returns the device as {@link #where} does; empty while none is open. */
    public synchronized Optional<String> current() {
        return device == null ? Optional.empty() : Optional.of(told());
    }

    /** Returns the device as {@link #current} does, with the bytes that are held on it. */
    public synchronized Map<String, Long> memory() {
        return device == null ? Map.of() : Map.of(told(), device.allocatedBytes());
    }

    /** Returns how often the device was let go: an equal number means that it is still the same. */
    public synchronized int drops() {
        return drops;
    }

    /**
     * Lets go of a device that is lost, and never asks its backend again; call it while nobody computes.
     *
     * @param reason thrown again where there is no other backend with a device
     */
    public synchronized void leave(DeviceLostException reason) {
        lost.add(backend);
        String gone = backend.name();
        drop();
        Backend next = registry.besides(lost).orElseThrow(() -> reason);
        LOGGER.warn("{}; backend {} goes on with what {} had begun", reason.getMessage(), next.name(), gone);
    }

    /** Lets go of weights on the device; call it while nobody computes and all plans with them are closed. */
    synchronized void forget(Weights weights) {
        List.copyOf(stages.keySet()).stream().filter(stage -> stages.get(stage) == weights).forEach(this::endStage);
        quantised.remove(weights);
        Map<String, Buffer> buffers = parameters.remove(weights);
        if (buffers != null) {
            buffers.values().forEach(Buffer::close);
        }
    }

    /** Lets go of what is known of a service that has left. */
    public synchronized void forget(Object service) {
        lost.remove(service);
    }

    private Buffer parameter(Weights weights, String name) {
        return parameters.computeIfAbsent(weights, key -> new HashMap<>()).computeIfAbsent(name, key -> {
            Tensor tensor = weights.get(key);
            return device().constant(tensor.type(), tensor.content());
        });
    }

    private Device device() {
        if (device == null) {
            Backend chosen = registry.backend(placement.backend());
            if (lost.contains(chosen)) {
                chosen = registry.besides(lost).orElse(chosen);
                device = chosen.open();
            } else {
                device = Registry.open(chosen, placement);
            }
            backend = chosen;
            String former = told();
            boolean swapped = where != null;
            where = chosen.name() + "/" + device.info().name() + " " + registry.bundle(chosen);
            if (swapped) {
                recorder.backendSwapped(model, former, told());
            }
        }
        return device;
    }
}
