package org.intarsia.engine;

import com.google.inject.name.Named;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.intarsia.backend.api.DeviceLostException;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.ChatTemplate;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.InUse;
import org.intarsia.engine.api.Missing;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.ModelParts;
import org.intarsia.engine.api.Origin;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.engine.api.PictureRecord;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Redraw;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.files.OpenedFiles;
import org.intarsia.engine.measure.Recorder;
import org.intarsia.engine.pipeline.Components;
import org.intarsia.engine.pipeline.DeviceBinding;
import org.intarsia.engine.pipeline.HostSpread;
import org.intarsia.engine.pipeline.ModelPipeline;
import org.intarsia.engine.pipeline.Pictures;
import org.intarsia.engine.pipeline.PipelineVersions;
import org.intarsia.engine.pipeline.StreamLayout;
import org.intarsia.engine.registry.MissingBackendException;
import org.intarsia.engine.registry.MissingComponentException;
import org.intarsia.engine.registry.RefusedModelException;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.registry.UnavailableException;
import org.intarsia.engine.scheduler.StageRunner;
import org.intarsia.engine.scheduler.StepRunner;
import org.intarsia.engine.scheduler.StepScheduler;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageHosts;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.engine.stages.StageLostException;
import org.intarsia.engine.trace.Tracer;
import org.intarsia.model.adapters.AdaptedWeights;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.text.Quoted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An opened model, shared by all who opened it; {@link SharedModel} is what each of them holds. */
final class OpenModel implements Model {
    private static final Logger LOGGER = LoggerFactory.getLogger(OpenModel.class);

    private final String name;
    private final Registry registry;
    private final Placement placement;
    private final OpenedFiles files;
    private final PipelineVersions pipelines;
    private final DeviceBinding binding;
    private final HostSpread spread;
    private final Recorder recorder;
    private final Consumer<Object> watcher = this::drop;
    /** Why it cannot be used any more; null while it can. */
    private volatile UnavailableException ended;
    private volatile boolean stopped;
    private volatile boolean checked;

    @Inject
    OpenModel(@Named(PipelineVersions.MODEL) String name, Registry registry, Placement placement, OpenedFiles files,
            PipelineVersions pipelines, DeviceBinding binding, HostSpread spread, Recorder recorder) {
        this.name = name;
        this.registry = registry;
        this.placement = placement;
        this.files = files;
        this.pipelines = pipelines;
        this.binding = binding;
        this.spread = spread;
        this.recorder = recorder;
        registry.watch(watcher);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Path directory() {
        return files.directory();
    }

    @Override
    public Sampling sampling(Goal goal) {
        return with(pipeline -> pipeline.defaults().sampling(goal));
    }

    @Override
    public boolean makes(Goal goal) {
        return switch (goal) {
            case ANSWER, CONTINUATION -> true;
            case PICTURE -> with(pipeline -> pipeline.layout().makesPictures());
            case INTERLEAVED -> with(pipeline -> pipeline.layout().interleaves());
        };
    }

    @Override
    public List<Part> question(String text, List<Image> pictures) {
        return with(pipeline -> pipeline.layout().question(text, pictures));
    }

    @Override
    public List<String> unknownWords(String text) {
        return with(pipeline -> pipeline.components().presentation().words().unknown(text, pipeline.components().tokenizer()));
    }

    @Override
    public Precision precision() {
        return with(pipeline -> binding.precision(pipeline.components().presentation().weights()));
    }

    @Override
    public List<Origin.Adapted> adapters() {
        return with(pipeline -> files.adapters().origins());
    }

    @Override
    public ModelParts parts() {
        return new OpenParts(this);
    }

    @Override
    public Optional<ChatTemplate> chatTemplate() {
        return with(pipeline -> pipeline.components().presentation().chatTemplate());
    }

    @Override
    public int room(Request request) {
        return with(pipeline -> {
            StreamLayout layout = pipeline.layout();
            return layout.room(request.goal(), layout.guided(request, layout.source(request.written())).prompt().size());
        });
    }

    @Override
    public Generation prepare(List<Request> requests, Consumer<Event> listener) {
        return new GenerationRun(() -> new GenerationRun.Lease(this, () -> { }), registry, recorder, requests, listener);
    }

    @Override
    public int[] encode(Image picture) {
        return with(pipeline -> pipeline.pictures().encode(picture).codes());
    }

    @Override
    public Image decode(int[] codes) {
        return with(pipeline -> pipeline.pictures().decode(codes));
    }

    @Override
    public PictureGrid grid() {
        return with(pipeline -> pipeline.pictures().grid());
    }

    @Override
    public Redraw redraw(Image picture, Optional<PictureRecord> record, BitSet cells) {
        return with(pipeline -> {
            Pictures pictures = pipeline.pictures();
            pictures.check(picture, cells);
            int[] codes = record.filter(made -> made.origin().weights().equals(hash(pipeline.components())))
                    .map(made -> pipeline.layout().codes(made.tokens())).filter(known -> known.length == pictures.codes())
                    .orElseGet(() -> pictures.encodeWhole(picture));
            return new Redraw(picture, codes, cells);
        });
    }

    @Override
    public Trace trace(Path inputs, Path outputs) {
        if (!placement.hosts().isEmpty()) {
            throw new ModelException("a trace is computed on one host, since values between the layers stay where they are computed:"
                    + " leave out --hosts");
        }
        return with(pipeline -> new Tracer(pipeline.components(), binding, pipeline::newRunner, name).trace(inputs, outputs, () -> {
            registry.pause();
            checkOpen();
        }));
    }

    @Override
    public long bytesPerToken() {
        return with(pipeline -> StepRunner.bytesPerToken(pipeline.components().core()));
    }

    @Override
    public Stage stage(StageLayers layers) {
        return stage(layers, () -> { });
    }

    /** @param end is run when the stage is closed */
    Stage stage(StageLayers layers, Runnable end) {
        return using(Registry.UNHINDERED, () -> ModelStage.open(this, layers, end));
    }

    /** The hash of the weights as they were published. */
    String publishedWeights() {
        return files.weightsHash();
    }

    /** The device of this model. Use it inside {@link #using}. */
    DeviceBinding binding() {
        return binding;
    }

    /** Ends a stage, also where the model is closed. */
    void endStage(StageRunner runner, ModelPipeline pipeline) {
        registry.using(Registry.UNHINDERED, () -> {
            binding.endStage(runner);
            pipelines.giveBack(pipeline);
            return null;
        });
    }

    /**
     * Reads what the files say beside the weights, and tells, the first time, what of it is not followed. Where the family has
     * left, this is done when the model is used.
     *
     * @throws ModelException when no family that is there takes the model, or its files are broken
     */
    void check() {
        registry.using(Registry.UNHINDERED, () -> {
            try {
                ModelPipeline pipeline = pipelines.take();
                try {
                    check(pipeline.components());
                } finally {
                    pipelines.giveBack(pipeline);
                }
            } catch (MissingComponentException e) {
                if (e.departed().isEmpty()) {
                    throw e;
                }
            }
            return null;
        });
    }

    private void check(Components components) {
        if (components.presentation().weights() instanceof AdaptedWeights) {
            // Whether adapters fit is known when the layers are written down, and should be told here.
            components.core();
        }
        if (!checked) {
            checked = true;
            components.presentation().notFollowed().ifPresent(what -> LOGGER.warn("model {}: {}", Quoted.of(name), what));
        }
    }

    private String hash(Components components) {
        return files.weightsHash(components.presentation().base());
    }

    /** Works with the components that new generations use. */
    <R> R with(Function<ModelPipeline, R> work) {
        return using(() -> {
            ModelPipeline pipeline = pipelines.take();
            try {
                return work.apply(pipeline);
            } finally {
                pipelines.giveBack(pipeline);
            }
        });
    }

    /** As {@link #using(long, Supplier)}, before all generations. */
    <R> R using(Supplier<R> work) {
        return using(Registry.OLDEST, work);
    }

    /**
     * Works with the model's services, which cannot leave meanwhile. Where the device is lost, the work is done again on
     * another backend, as long as there is one; where a service has left that is needed, the work waits for another for
     * some time, and is done again then. So it must be such that it can be begun again.
     */
    <R> R using(long age, Supplier<R> work) {
        Optional<String> missed = Optional.empty();
        // Not what passes until it is the work's turn: others may leave meanwhile, and come back.
        long waited = 0;
        while (true) {
            long arrivals = registry.arrivals();
            int[] drops = new int[1];
            try {
                return registry.using(age, () -> {
                    checkOpen();
                    drops[0] = binding.drops() + spread.losses();
                    return work.get();
                });
            } catch (DeviceLostException e) {
                if (!registry.alone(() -> leave(drops[0], e))) {
                    throw e;
                }
            } catch (RefusedModelException | MissingBackendException e) {
                if (registry.arrivals() != arrivals) {
                    // It may have come between the look for it and the question whether it has only left for a while.
                    continue;
                }
                Optional<String> departed = e instanceof Missing missing ? missing.departed() : Optional.empty();
                if (!departed.equals(missed)) {
                    missed = departed;
                    waited = 0;
                    if (registry.patience().isPositive()) {
                        departed.ifPresent(clause -> LOGGER.warn("{}; model {} waits {} s for it or another", clause, name,
                                registry.patience().toMillis() / 1e3));
                    }
                }
                long begin = System.nanoTime();
                long end = begin + registry.patience().toNanos() - waited;
                if (departed.isEmpty() || !recorder.waiting(name, departed.get(), () -> registry.awaitArrival(arrivals, end))) {
                    throw e;
                }
                waited += System.nanoTime() - begin;
            }
        }
    }

    private void checkOpen() {
        if (ended != null) {
            throw new UnavailableException(ended, null);
        }
    }

    /** Somebody else may have noticed the loss before. */
    private void leave(int drops, DeviceLostException reason) {
        if (binding.drops() + spread.losses() == drops) {
            pipelines.dropPlans();
            if (reason instanceof StageLostException) {
                spread.lost(reason);
            } else {
                binding.leave(reason);
            }
        }
    }

    /** Lets go of the device, so that the next step opens the one that is best then; call it while nobody computes. */
    void move() {
        if (placement.backend().isEmpty()) {
            pipelines.unload();
            binding.drop();
        }
    }

    /** Where an answer comes from that these devices have computed with these components. */
    Origin origin(Components used, SortedMap<String, String> components, Collection<String> devices) {
        return new Origin(registry.platform(), name, hash(used), components, List.copyOf(devices),
                files.adapters().origins());
    }

    /** Generations that wait for others to end. */
    int queue() {
        return pipelines.holders().keySet().stream().map(ModelPipeline::scheduler).distinct().mapToInt(StepScheduler::queue).sum();
    }

    /** Tells whether a device is open for this model, with the weights that it needs. */
    boolean isLoaded() {
        return binding.current().isPresent();
    }

    /** Returns the device that computes with these components. Call it inside {@link #using}. */
    String where(Components components) {
        return binding.where(components.presentation().weights());
    }

    /** What its generations are made with. Use it inside {@link #using}. */
    PipelineVersions pipelines() {
        return pipelines;
    }

    /** Whether a component of that factory, or that backend, is in use. */
    boolean uses(Object service) {
        return pipelines.use(service) || binding.uses(service);
    }

    /** Who uses it and what it uses: an entry for each choice of components. */
    List<InUse> inUse() {
        Optional<String> device = binding.current();
        return pipelines.holders().entrySet().stream().map(entry -> new InUse(name, entry.getKey().components().parts(), device,
                entry.getValue(), pipelines.isOutdated(entry.getKey()))).toList();
    }

    /** The device that is open for it, and how many bytes it holds there. */
    Map<String, Long> memory() {
        return binding.memory();
    }

    private void drop(Object service) {
        binding.forget(service);
        pipelines.leave(service);
        if (binding.uses(service)) {
            pipelines.unload();
            binding.drop();
        }
        if (service instanceof StageHosts && spread.isOutdated()) {
            pipelines.dropPlans();
        }
    }

    @Override
    public void close() {
        end(new UnavailableException("model " + name + " has been closed", "; open it again"));
    }

    /**
     * Closes it because the engine stops.
     *
     * @param why those get it who still use it
     */
    void stop(UnavailableException why) {
        stopped = true;
        end(why);
    }

    /** Returns what to tell instead, where the engine has stopped: what fails then fails in many ways. */
    Optional<ModelException> stopped(Throwable failure) {
        return stopped && !(failure instanceof UnavailableException) ? Optional.of(new UnavailableException(ended, failure))
                : Optional.empty();
    }

    private void end(UnavailableException why) {
        registry.unwatch(watcher, () -> {
            if (ended == null) {
                ended = why;
                pipelines.close();
                binding.drop();
                files.close();
            }
        });
    }
}
