package org.intarsia.engine.pipeline;

import com.google.inject.name.Named;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.intarsia.engine.files.OpenedFiles;
import org.intarsia.engine.measure.Recorder;
import org.intarsia.engine.registry.Kind;
import org.intarsia.engine.registry.Registry;

/**
 * The choices of components of an opened model: the current one, which new generations take, and older ones, which are
 * kept until the last generation that holds them ends or their time of grace is over. Safe for use by several threads, inside
 * {@link Registry#using} or while nobody works with services.
 */
public final class PipelineVersions {
    /** Names the Guice binding that holds the model's name. */
    public static final String MODEL = "model";

    private final String model;
    private final Registry registry;
    private final OpenedFiles files;
    private final DeviceBinding binding;
    private final HostSpread spread;
    private final Recorder recorder;
    private final Map<ModelPipeline, Holding> held = new LinkedHashMap<>();
    private final Map<Kind, Former> formers = new ConcurrentHashMap<>();
    private Presentation presentation;
    private ModelPipeline current;
    /** How many services had come when the current one was last compared with what is there. */
    private long seen;

    /** The number of holders of a pipeline, and the end of its time of grace. */
    private static final class Holding {
        private int holders;
        /** As {@link System#nanoTime} counts; while the pipeline is the current one it has no end. */
        private long graceEnds;
    }

    /** The factory that was taken last: its id and its bundle, since the service itself must not be held. */
    private record Former(long id, String bundle) {
    }

    @Inject
    PipelineVersions(@Named(MODEL) String model, Registry registry, OpenedFiles files,
            DeviceBinding binding, HostSpread spread, Recorder recorder) {
        this.recorder = recorder;
        this.model = model;
        this.registry = registry;
        this.files = files;
        this.binding = binding;
        this.spread = spread;
    }

    /** Returns the current one, to be kept until it is given back. */
    public synchronized ModelPipeline take() {
        if (current != null && seen != registry.arrivals()) {
            boolean presentedAnew = presentation.isOutdated();
            if (presentedAnew || current.components().areOutdated()) {
                retire(presentedAnew);
            }
        }
        seen = registry.arrivals();
        if (current == null) {
            if (presentation == null) {
                presentation = new Presentation(registry, files, model, files.adapters());
            }
            SharedCore core = core();
            current = new ModelPipeline(new Components(registry, presentation, core.slot(), model, this::taken), core, binding, model);
            held.put(current, new Holding());
        }
        held.get(current).holders++;
        return current;
    }

    /** The core of an older choice, where it would be chosen again; otherwise another. */
    private SharedCore core() {
        return held.keySet().stream()
                .filter(pipeline -> pipeline.components().presentation() == presentation && pipeline.core().slot().isUpToDate())
                .map(ModelPipeline::core).findFirst()
                .orElseGet(() -> new SharedCore(registry, presentation, spread, model, this::taken));
    }

    private void taken(Kind kind, Registry.Offer<?> offer) {
        Former next = new Former(offer.id(), offer.bundle());
        Former former = formers.put(kind, next);
        if (former != null && !former.equals(next)) {
            recorder.componentSwapped(model, kind.toString(), former.bundle(), next.bundle());
        }
    }

    /** Ends {@link #take}. */
    public synchronized void giveBack(ModelPipeline pipeline) {
        Holding holding = held.get(pipeline);
        // Nothing is known of it any more where the model has been closed.
        if (holding != null) {
            holding.holders--;
            closeUnused();
            closeUnused(pipeline.components().presentation());
        }
    }

    /** Tells whether it is not the current one any more. */
    public synchronized boolean isOutdated(ModelPipeline pipeline) {
        return pipeline != current;
    }

    /** Tells whether it is outdated, and its holders should take the current one now. */
    public synchronized boolean isOver(ModelPipeline pipeline) {
        return pipeline != current && held.containsKey(pipeline) && System.nanoTime() - held.get(pipeline).graceEnds >= 0;
    }

    /** Lets new generations look for components again where they would take one of that factory or family, which has left. */
    public synchronized void leave(Object service) {
        boolean family = presentation != null && presentation.uses(service);
        if (current != null && (family || current.components().use(service))) {
            retire(family);
        } else if (family) {
            Presentation former = presentation;
            presentation = null;
            closeUnused(former);
        }
    }

    /** @param presented whether the files are presented anew, too */
    private void retire(boolean presented) {
        held.get(current).graceEnds = System.nanoTime() + registry.grace().toNanos();
        current = null;
        Presentation former = presentation;
        if (presented) {
            presentation = null;
        }
        closeUnused();
        closeUnused(former);
    }

    /** Closes what presents files to nobody any more. */
    private void closeUnused(Presentation former) {
        if (former != presentation && held.keySet().stream().noneMatch(pipeline -> pipeline.components().presentation() == former)) {
            close(former);
        }
    }

    private void close(Presentation former) {
        former.asked().ifPresent(binding::forget);
        former.close();
    }

    private void closeUnused() {
        held.entrySet().removeIf(entry -> {
            boolean unused = entry.getKey() != current && entry.getValue().holders == 0;
            if (unused) {
                entry.getKey().close();
            }
            return unused;
        });
    }

    /** Tells whether a component of that factory, or that family, is in use. */
    public synchronized boolean use(Object service) {
        return held.keySet().stream().map(ModelPipeline::components)
                .anyMatch(components -> components.use(service) || components.presentation().uses(service));
    }

    /** Returns all that are in use, oldest first, with the number of generations that hold each. */
    public synchronized Map<ModelPipeline, Integer> holders() {
        Map<ModelPipeline, Integer> holders = new LinkedHashMap<>();
        held.forEach((pipeline, holding) -> holders.put(pipeline, holding.holders));
        return holders;
    }

    /** Closes the plans of all; running generations keep what has been read, and go on with it on another device. */
    public synchronized void unload() {
        held.keySet().forEach(ModelPipeline::unload);
    }

    /** Closes the plans of all; running generations are read again. */
    public synchronized void dropPlans() {
        held.keySet().forEach(ModelPipeline::dropPlans);
    }

    /** Closes all, those that are held, too. */
    public synchronized void close() {
        List<ModelPipeline> all = new ArrayList<>(held.keySet());
        Set<Presentation> presentations = new LinkedHashSet<>();
        all.forEach(pipeline -> presentations.add(pipeline.components().presentation()));
        held.clear();
        current = null;
        presentation = null;
        all.forEach(ModelPipeline::close);
        presentations.forEach(this::close);
    }
}
