package org.intarsia.engine.pipeline;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.registry.Kind;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.scheduler.PlanCompiler;
import org.intarsia.engine.scheduler.SchedulerLimits;
import org.intarsia.engine.scheduler.StepRunner;
import org.intarsia.engine.scheduler.StepScheduler;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.weights.Weights;

/**
 * A transformer core with the scheduler of all generations that use it. Choices of components that differ in others alone share one:
 * when a tokenizer or a decoder is exchanged, generations that keep the old one and those that take the new one run in the same steps.
 * {@link PipelineVersions} counts who shares it, under its monitor.
 */
final class SharedCore {
    private final ComponentSlot<TransformerCore> slot;
    private final StepScheduler scheduler;
    private final Supplier<StepRunner> runners;
    private int sharers;

    /** @param taken is told which factory has made the core */
    SharedCore(Registry registry, Presentation presentation, DeviceBinding binding, String model,
            BiConsumer<Kind, Registry.Offer<?>> taken) {
        slot = new ComponentSlot<>(Kind.TRANSFORMER_CORE, registry, presentation, model, taken);
        runners = () -> runner(slot.get(), presentation.weights(), binding, registry.limits());
        scheduler = new StepScheduler(registry.limits(), runners, () -> binding.where(presentation.weights()));
    }

    /** Makes a runner on the device that is there. Where activations may be rounded, keys and values are kept in half as many bytes. */
    static StepRunner runner(TransformerCore core, Weights weights, DeviceBinding binding, SchedulerLimits limits) {
        Encoding encoding = binding.precision(weights) == Precision.FAST ? Encoding.F16 : Encoding.F32;
        return new StepRunner(new PlanCompiler() {
            @Override
            public Plan compile(Graph graph, Map<String, Buffer> states) {
                return binding.compile(graph, weights, states);
            }

            @Override
            public boolean isAlikeBesideOthers() {
                return binding.isAlikeBesideOthers();
            }

            @Override
            public Buffer allocate(TensorType type) {
                return binding.allocate(type);
            }
        }, core, limits, encoding);
    }

    ComponentSlot<TransformerCore> slot() {
        return slot;
    }

    StepScheduler scheduler() {
        return scheduler;
    }

    Supplier<StepRunner> runners() {
        return runners;
    }

    SharedCore share() {
        sharers++;
        return this;
    }

    /** Ends {@link #share}; the last one closes everything. */
    void giveBack() {
        if (--sharers == 0) {
            scheduler.drop();
            slot.drop();
        }
    }
}
