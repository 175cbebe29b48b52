package org.intarsia.engine;

import java.util.Optional;
import java.util.function.Function;
import org.intarsia.engine.pipeline.DeviceBinding;
import org.intarsia.engine.pipeline.ModelPipeline;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.scheduler.StageRunner;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.engine.stages.StageLostException;
import org.intarsia.engine.stages.StageStep;
import org.intarsia.model.api.ModelException;

/** Some layers of an opened model, for another host. Keeps the components that it began with, as a generation does. */
final class ModelStage implements Stage {
    private final OpenModel model;
    private final ModelPipeline pipeline;
    private final StageRunner runner;
    private final String where;
    private final boolean alike;
    private final Runnable end;
    private boolean closed;

    private ModelStage(OpenModel model, ModelPipeline pipeline, StageRunner runner, Runnable end) {
        this.end = end;
        this.model = model;
        this.pipeline = pipeline;
        this.runner = runner;
        this.where = model.where(pipeline.components());
        this.alike = runner.isAlikeBesideOthers();
    }

    /**
     * Opens layers. Call it inside {@link OpenModel#using}.
     *
     * @param end is run when the stage is closed
     */
    static ModelStage open(OpenModel model, StageLayers layers, Runnable end) {
        ModelPipeline pipeline = model.pipelines().take();
        boolean opened = false;
        try {
            if (!model.publishedWeights().equals(layers.weights())) {
                throw new ModelException("model " + model.name() + " has other weights than those that the other host has");
            }
            DeviceBinding binding = model.binding();
            StageRunner runner = binding.stage(pipeline.components().core(), pipeline.components().presentation().weights(), layers);
            ModelStage stage = new ModelStage(model, pipeline, runner, end);
            opened = true;
            return stage;
        } finally {
            if (!opened) {
                model.pipelines().giveBack(pipeline);
            }
        }
    }

    @Override
    public String where() {
        return where;
    }

    @Override
    public boolean isAlikeBesideOthers() {
        return alike;
    }

    @Override
    public void grow(int blocks) {
        on(there -> {
            there.grow(blocks);
            return blocks;
        });
    }

    @Override
    public float[] run(StageStep step) {
        return on(there -> there.run(step));
    }

    /** Does something, for which a host waits, unless the runner was closed, which happens when its device or the weights are let go. */
    private <R> R on(Function<StageRunner, R> work) {
        return model.using(Registry.UNHINDERED, () -> Optional.of(runner).filter(there -> !there.isClosed()).map(work))
                .orElseThrow(() -> new StageLostException("the device or a component that computed layers of model " + model.name()
                        + " was exchanged", false));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                model.endStage(runner, pipeline);
            } finally {
                end.run();
            }
        }
    }
}
