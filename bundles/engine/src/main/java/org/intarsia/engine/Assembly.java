package org.intarsia.engine;

import java.util.Map;
import java.util.function.Supplier;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
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
final class Assembly {
    private final Components components;
    private final Pictures pictures;
    private final StepScheduler scheduler;
    private final StreamLayout layout;
    private final Tracer tracer;

    Assembly(Components components, Compute compute, SchedulerLimits limits, String model) {
        this.components = components;
        pictures = new Pictures(components, compute, model);
        Supplier<StepRunner> runners = () -> runner(components, compute, limits);
        scheduler = new StepScheduler(limits, runners, () -> compute.where(components.presentation().weights()));
        layout = new StreamLayout(components, pictures, preferences().layout().tokens());
        tracer = new Tracer(components, compute, runners, model);
    }

    /** A runner on the device that is there. Where activations may be rounded, keys and values are kept in half as many bytes. */
    static StepRunner runner(Components components, Compute compute, SchedulerLimits limits) {
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

    Components components() {
        return components;
    }

    Pictures pictures() {
        return pictures;
    }

    StepScheduler scheduler() {
        return scheduler;
    }

    StreamLayout layout() {
        return layout;
    }

    Tracer tracer() {
        return tracer;
    }

    Preferences preferences() {
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
