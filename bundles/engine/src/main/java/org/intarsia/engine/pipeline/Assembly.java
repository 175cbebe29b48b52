package org.intarsia.engine.pipeline;

import java.util.Map;
import java.util.function.Supplier;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.files.Preferences;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.scheduler.PlanCompiler;
import org.intarsia.engine.scheduler.SchedulerLimits;
import org.intarsia.engine.scheduler.StepRunner;
import org.intarsia.engine.scheduler.StepScheduler;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.TensorType;
import org.intarsia.weights.Weights;

/**
 * One choice of components for an opened model, with the plans made of them. A generation keeps the one that it began
 * with. Use it inside {@link Registry#using}; {@link Assemblies} counts who holds it.
 */
public final class Assembly {
    private final Components components;
    private final Pictures pictures;
    private final StepScheduler scheduler;
    private final StreamLayout layout;
    private final Supplier<StepRunner> runners;

    Assembly(Components components, Compute compute, SchedulerLimits limits, String model) {
        this.components = components;
        pictures = new Pictures(components, compute, model);
        runners = () -> runner(components, compute, limits);
        scheduler = new StepScheduler(limits, runners, () -> compute.where(components.presentation().weights()));
        layout = new StreamLayout(components, pictures, preferences().layout().tokens());
    }

    /** Makes a runner on the device that is there. Where activations may be rounded, keys and values are kept in half as many bytes. */
    public static StepRunner runner(Components components, Compute compute, SchedulerLimits limits) {
        Weights weights = components.presentation().weights();
        Encoding encoding = compute.precision(weights) == Precision.FAST ? Encoding.F16 : Encoding.F32;
        return new StepRunner(new PlanCompiler() {
            @Override
            public Plan compile(Graph graph, Map<String, Buffer> states) {
                return compute.compile(graph, weights, states);
            }

            @Override
            public boolean isAlikeBesideOthers() {
                return compute.isAlikeBesideOthers();
            }

            @Override
            public Buffer allocate(TensorType type) {
                return compute.allocate(type);
            }
        }, components.core(), limits, encoding);
    }

    /** Returns the components. */
    public Components components() {
        return components;
    }

    /** Returns the coder of pictures. */
    public Pictures pictures() {
        return pictures;
    }

    /** Returns the scheduler that all generations with these components share. */
    public StepScheduler scheduler() {
        return scheduler;
    }

    /** Returns the writer of prompts. */
    public StreamLayout layout() {
        return layout;
    }

    /** Makes a runner with a key/value cache of its own, on the device that is there; the caller closes it. */
    public StepRunner newRunner() {
        return runners.get();
    }

    /** Returns the sampling and limits that the model's files ask for. */
    public Preferences preferences() {
        return components.presentation().preferences();
    }

    /** Closes the plans, which are quickly made again; the components stay. */
    void dropPlans() {
        scheduler.drop();
        pictures.drop();
    }

    /** Closes everything. */
    void close() {
        dropPlans();
        components.drop();
    }
}
