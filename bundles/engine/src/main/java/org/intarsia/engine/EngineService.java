package org.intarsia.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.intarsia.backend.api.Backend;
import org.intarsia.engine.api.AdapterChoice;
import org.intarsia.engine.api.BackendInfo;
import org.intarsia.engine.api.ComponentInfo;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.FamilyInfo;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.InUse;
import org.intarsia.engine.api.Metrics;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.ModelInfo;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.files.AdapterFolder;
import org.intarsia.engine.files.ForeignFiles;
import org.intarsia.engine.files.ModelBundles;
import org.intarsia.engine.files.OpenedFiles;
import org.intarsia.engine.measure.Recorder;
import org.intarsia.engine.registry.Kind;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.registry.UnavailableException;
import org.intarsia.model.api.ModelException;
import org.intarsia.weights.Checkpoint;
import org.osgi.framework.Bundle;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine as a service: it knows the open models. */
@Component(service = Engine.class)
public final class EngineService implements Engine {
    private static final Logger LOGGER = LoggerFactory.getLogger(EngineService.class);

    private final Registry registry;
    private final Recorder recorder;
    private final ModelBundles bundles;
    private final Map<Key, Holding> open = new HashMap<>();
    private final Use use;
    /** Why it cannot be used any more; null while it can. */
    private volatile String stopped;

    /** The engine's use of its own service. */
    interface Use {
        /** Begins one. */
        void begin();

        /** Ends one. */
        void end();
    }

    /**
     * The key by which openings share a model.
     *
     * @param name of the model: that of its source, or of the folder of an adapter that was named instead
     */
    private record Key(Source source, String name, Placement placement, List<AdapterChoice> adapters) {
    }

    /**
     * Where a model comes from.
     *
     * @param name      its name
     * @param directory its files: a directory, or a single file
     * @param bundle    the bundle that holds it; nothing where somebody named a path
     */
    private record Source(String name, Path directory, Optional<Bundle> bundle) {
    }

    /** An open model and how many hold it: those who opened it, and its generations in flight. */
    static final class Holding {
        private final Key key;
        /** Null until its files are open; whoever has been given the holding may rely on it. */
        private volatile OpenModel model;
        private int holders;

        private Holding(Key key) {
            this.key = key;
        }

        OpenModel model() {
            return model;
        }

        /** Opens the files, once. Those who want the same model wait for that, and nobody else. */
        private synchronized void open(Function<Key, OpenModel> opening) {
            if (model == null) {
                model = opening.apply(key);
            }
        }
    }

    @Activate
    public EngineService(ComponentContext component, @Reference Registry registry, @Reference Recorder recorder) {
        this(new ModelBundles(component.getBundleContext(), registry::wake), registry, recorder, new Use() {
            @Override
            public void begin() {
                component.getBundleContext().getService(component.getServiceReference());
            }

            @Override
            public void end() {
                try {
                    component.getBundleContext().ungetService(component.getServiceReference());
                } catch (IllegalStateException e) {
                    // The bundle has stopped meanwhile, and the framework has ended all its uses of services.
                    return;
                }
            }
        });
    }

    /** @param use is begun for each holder of a model, and ended with it */
    EngineService(ModelBundles bundles, Registry registry, Recorder recorder, Use use) {
        this.use = use;
        this.bundles = bundles;
        this.registry = registry;
        this.recorder = recorder;
    }

    /** Called by Declarative Services: closes what is still open. */
    @Deactivate
    public void stop() {
        stopped = "the engine has stopped, since its bundle or one that it needs was stopped, updated or refreshed";
        bundles.close();
        // Outside of the monitor: this waits for the steps that run.
        openModels().forEach(model -> model.stop(new UnavailableException(stopped + ", while it used model "
                + model.name(), ": ask again when it runs")));
        synchronized (this) {
            open.clear();
        }
        // Those who wait for something that has left wait in vain now.
        registry.wake();
    }

    private void checkRuns() {
        if (stopped != null) {
            throw new UnavailableException(stopped, ": ask the engine that runs now, and open the model there");
        }
    }

    @Override
    public List<ModelInfo> models() {
        List<ModelInfo> models = new ArrayList<>();
        bundles.byName().forEach((name, bundle) -> models.add(new ModelInfo(name,
                bundle.getSymbolicName() + " " + bundle.getVersion(), bundles.bytes(bundle), name.equals(DEFAULT_MODEL),
                holders(name))));
        return models;
    }

    @Override
    public boolean isInstalled(String name) {
        return bundles.byName().containsKey(name);
    }

    @Override
    public Model open(String nameOrDirectory, Placement placement, List<AdapterChoice> adapters) {
        List<AdapterChoice> all = new ArrayList<>();
        Source source = source(nameOrDirectory, all);
        String name = all.isEmpty() ? source.name() : all.getFirst().folder().getFileName().toString();
        adapters.forEach(each -> all.add(AdapterFolder.real(each)));
        Holding holding = hold(new Key(source, name, placement, List.copyOf(all)));
        boolean usable = false;
        try {
            // Not within the engine's monitor: this waits for a step that runs.
            holding.model.check();
            usable = true;
        } finally {
            if (!usable) {
                release(holding);
            }
        }
        return new SharedModel(this, holding);
    }

    @Override
    public Path directory(String nameOrDirectory) {
        return source(nameOrDirectory, new ArrayList<>()).directory();
    }

    /** @param adapters gets the adapter that the name stands for, if it is one; the source is its base model then */
    private Source source(String nameOrDirectory, List<AdapterChoice> adapters) {
        return installed(nameOrDirectory).or(() -> AdapterFolder.find(nameOrDirectory).map(adapter -> {
            adapters.add(adapter.choice());
            return adapter.base().flatMap(path -> files(path.toString())).or(() -> installed(adapter.named()))
                    .orElseThrow(adapter::withoutBase);
        })).or(() -> files(nameOrDirectory)).orElseThrow(() -> absent(nameOrDirectory));
    }

    private ModelException absent(String name) {
        return bundles.stopped(name).<ModelException>map(bundle -> new UnavailableException("model " + name
                        + " is not there, since its bundle " + bundle + " is stopped or was uninstalled",
                        ": start or install the bundle " + bundle))
                .orElseGet(() -> new ModelException("there is no model " + name
                        + ": it is neither a directory nor a GGUF file nor an installed model; installed are: " + installed()));
    }

    private Optional<Source> installed(String name) {
        return bundles.find(name).map(found -> new Source(name, found.directory(), Optional.of(found.bundle())));
    }

    private String installed() {
        Set<String> names = bundles.byName().keySet();
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    @Override
    public void useBackend(String name) {
        List<OpenModel> models = openModels();
        boolean moved = registry.alone(() -> {
            registry.prefer(name);
            models.forEach(OpenModel::move);
        });
        if (!moved) {
            throw new IllegalStateException("the backend cannot be changed from within a step that runs on it");
        }
    }

    private synchronized List<OpenModel> openModels() {
        return open.values().stream().map(holding -> holding.model).filter(Objects::nonNull).toList();
    }

    @Override
    public List<ComponentInfo> components() {
        List<ComponentInfo> components = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            registry.factories(kind).forEach(offer -> components.add(new ComponentInfo(kind.toString(),
                    offer.service().name(), offer.bundle(), users(offer.service()))));
        }
        return components;
    }

    @Override
    public List<FamilyInfo> families() {
        return registry.families().stream()
                .map(offer -> new FamilyInfo(offer.service().name(), offer.bundle(), users(offer.service())))
                .sorted(Comparator.comparing(FamilyInfo::name)).toList();
    }

    @Override
    public List<BackendInfo> backends() {
        Optional<Backend> chosen = registry.chosenBackend();
        return registry.backends().stream().map(offer -> {
            Backend backend = offer.service();
            return new BackendInfo(backend.name(), offer.bundle(), backend.devices(), backend.unavailable(),
                    users(backend), chosen.filter(backend::equals).isPresent());
        }).toList();
    }

    @Override
    public void useComponent(String kind, String name) {
        Kind chosen = Arrays.stream(Kind.values()).filter(candidate -> candidate.toString().equals(kind)).findFirst()
                .orElseThrow(() -> new ModelException("there is no kind of component " + kind + "; the kinds are: "
                        + Arrays.stream(Kind.values()).map(Kind::toString).collect(Collectors.joining(", "))));
        registry.prefer(chosen, name);
    }

    @Override
    public List<InUse> inUse() {
        return openModels().stream().flatMap(model -> model.inUse().stream()).toList();
    }

    @Override
    public Metrics metrics() {
        Map<String, Long> memory = new HashMap<>();
        openModels().forEach(model -> model.memory().forEach((device, bytes) -> memory.merge(device, bytes, Long::sum)));
        int waiting = openModels().stream().mapToInt(OpenModel::queue).sum();
        return recorder.metrics(registry.queue() + waiting, memory);
    }

    /** A generation of the model that is there when it begins. */
    Generation generation(Supplier<GenerationRun.Lease> source, List<Request> requests, Consumer<Event> listener) {
        return new GenerationRun(source, registry, recorder, requests, listener);
    }

    /** Keeps a model open until the lease ends. */
    GenerationRun.Lease lease(Holding holding) {
        return inUse(() -> leased(holding));
    }

    private synchronized GenerationRun.Lease leased(Holding holding) {
        checkRuns();
        if (open.get(holding.key) != holding) {
            throw new UnavailableException("model " + holding.model.name() + " has been closed", "; open it again");
        }
        holding.holders++;
        return new GenerationRun.Lease(holding.model, () -> release(holding));
    }

    /**
     * Takes a holder's part in a model, and with it in the engine: Declarative Services stop a component when its last user
     * leaves, even in the midst of a generation. {@link #release} ends it.
     */
    private <R> R inUse(Supplier<R> taking) {
        checkRuns();
        // Outside of the lock, as Declarative Services have locks of their own.
        use.begin();
        boolean taken = false;
        try {
            R part = taking.get();
            taken = true;
            return part;
        } finally {
            if (!taken) {
                use.end();
            }
        }
    }

    private Holding hold(Key key) {
        Holding holding = inUse(() -> held(key));
        boolean isOpen = false;
        try {
            // Outside of the monitor: reading files may take long.
            holding.open(this::compose);
            checkRuns();
            isOpen = true;
            return holding;
        } finally {
            if (!isOpen) {
                release(holding);
            }
        }
    }

    private synchronized Holding held(Key key) {
        checkRuns();
        Holding holding = open.computeIfAbsent(key, Holding::new);
        holding.holders++;
        return holding;
    }

    /**
     * The same model as its bundle has it now. Where the bundle has stopped, this waits for it or for another with that
     * model.
     *
     * @return the same, or a new version, which is held beside it
     * @throws ModelException when there is none in time
     */
    Holding newest(Holding held) {
        Source source = held.key.source();
        if (source.bundle().isEmpty()) {
            return held;
        }
        long deadline = System.nanoTime() + registry.patience().toNanos();
        while (true) {
            checkRuns();
            long arrivals = registry.arrivals();
            Bundle bundle = bundles.byName().get(source.name());
            if (bundle != null && bundles.place(bundle).equals(source.directory())) {
                return held;
            }
            Optional<Source> now = installed(source.name());
            if (now.isPresent()) {
                return hold(new Key(now.get(), held.key.name(), held.key.placement(), held.key.adapters()));
            }
            String bundleName = source.bundle().get().getSymbolicName();
            String left = "model " + source.name() + " has left with its bundle " + bundleName;
            if (!recorder.waiting(source.name(), left, () -> registry.awaitArrival(arrivals, deadline))) {
                throw new UnavailableException(left, " and has not come back: start or install the bundle " + bundleName);
            }
        }
    }

    private OpenModel compose(Key key) {
        OpenedFiles files = OpenedFiles.open(key.source().directory(), key.adapters());
        boolean composed = false;
        try {
            OpenModel model = ModelModule.compose(key.name(), key.placement(), files, registry, recorder);
            composed = true;
            return model;
        } finally {
            if (!composed) {
                files.close();
            }
        }
    }

    /** Ends {@link #hold}. */
    void release(Holding holding) {
        drop(holding);
        if (stopped == null) {
            use.end();
        }
    }

    private void drop(Holding holding) {
        boolean last;
        synchronized (this) {
            holding.holders--;
            last = holding.holders == 0;
            if (last) {
                open.remove(holding.key, holding);
            }
        }
        if (last && holding.model != null) {
            // Outside of the monitor: this waits for the step that runs.
            holding.model.close();
            synchronized (this) {
                if (stopped != null) {
                    return;
                }
                bundles.sweep(open.keySet().stream().map(key -> key.source().directory()).collect(Collectors.toSet()));
            }
        }
    }

    private static Optional<Source> files(String path) {
        try {
            Path place = Path.of(path);
            if (Files.isDirectory(place)) {
                return Optional.of(source(place.toRealPath()));
            }
            if (!Files.isRegularFile(place)) {
                return Optional.empty();
            }
            // Not what a link leads to: in a hub's cache that has neither the file's name nor its neighbours.
            Path folder = place.toAbsolutePath().getParent().toRealPath();
            if (Checkpoint.gguf(place).isPresent()) {
                return Optional.of(source(folder.resolve(place.getFileName())));
            }
            // Whoever names the weights of a model directory means the model.
            String name = place.getFileName().toString();
            if ((name.endsWith(".safetensors") || name.equals(Checkpoint.INDEX)) && Files.exists(folder.resolve("config.json"))) {
                return Optional.of(source(folder));
            }
            throw ForeignFiles.file(place);
        } catch (InvalidPathException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ModelException(path + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Source source(Path place) {
        return new Source(place.getFileName().toString(), place, Optional.empty());
    }

    private synchronized int holders(String name) {
        return open.values().stream().filter(holding -> holding.model != null && holding.model.name().equals(name))
                .mapToInt(holding -> holding.holders).sum();
    }

    private synchronized List<String> users(Object service) {
        return openModels().stream().filter(model -> model.uses(service))
                .map(OpenModel::name).sorted().toList();
    }
}
