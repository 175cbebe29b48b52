package org.intarsia.engine.pipeline;

import org.intarsia.engine.files.ModelDefaults;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.scheduler.StepRunner;
import org.intarsia.engine.scheduler.StepScheduler;

/**
 * One choice of components for an opened model, with the plans made of them. A generation keeps the one that it began
 * with. Use it inside {@link Registry#using}; {@link PipelineVersions} counts who holds it.
 */
public final class ModelPipeline {
    private final Components components;
    private final Pictures pictures;
    private final SharedCore core;
    private final StreamLayout layout;

    /** @param core gives the core, and is given back at the end */
    ModelPipeline(Components components, SharedCore core, DeviceBinding binding, String model) {
        this.components = components;
        this.core = core.share();
        pictures = new Pictures(components, binding, model);
        layout = new StreamLayout(components, pictures, defaults().layout().tokens());
    }

    SharedCore core() {
        return core;
    }

    /** Returns the components. */
    public Components components() {
        return components;
    }

    /** Returns the coder of pictures. */
    public Pictures pictures() {
        return pictures;
    }

    /** Returns the scheduler that all generations with this transformer core share. */
    public StepScheduler scheduler() {
        return core.scheduler();
    }

    /** Returns the writer of prompts. */
    public StreamLayout layout() {
        return layout;
    }

    /** Makes a runner with a key/value cache of its own, on the device that is there; the caller closes it. */
    public StepRunner newRunner() {
        return core.newRunner();
    }

    /** Returns the sampling and limits that the model's files ask for. */
    public ModelDefaults defaults() {
        return components.presentation().defaults();
    }

    /** Closes plans on a device that still works; they are quickly made again. The components stay, and running streams their cache. */
    void unload() {
        core.scheduler().unload();
        pictures.drop();
    }

    /** Closes plans on a device that does not work any more; the components stay, and running streams are read again. */
    void dropPlans() {
        core.scheduler().drop();
        pictures.drop();
    }

    /** Closes everything; the core, where nobody else shares it. */
    void close() {
        pictures.drop();
        components.drop();
        core.giveBack();
    }
}
