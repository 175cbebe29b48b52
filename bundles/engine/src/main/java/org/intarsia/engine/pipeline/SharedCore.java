package org.intarsia.engine.pipeline;

import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.intarsia.engine.registry.Kind;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.scheduler.StepRunner;
import org.intarsia.engine.scheduler.StepScheduler;
import org.intarsia.model.api.TransformerCore;

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
    SharedCore(Registry registry, Presentation presentation, HostSpread spread, String model,
            BiConsumer<Kind, Registry.Offer<?>> taken) {
        slot = new ComponentSlot<>(Kind.TRANSFORMER_CORE, registry, presentation, model, taken);
        runners = () -> spread.runner(slot.get(), presentation);
        scheduler = new StepScheduler(registry.limits(), runners, () -> spread.where(presentation));
    }

    ComponentSlot<TransformerCore> slot() {
        return slot;
    }

    StepScheduler scheduler() {
        return scheduler;
    }

    /** Makes a runner with a key/value cache of its own; the caller closes it. */
    StepRunner newRunner() {
        return runners.get();
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
