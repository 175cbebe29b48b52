package org.intarsia.engine.registry;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Device;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.scheduler.SchedulerLimits;
import org.intarsia.engine.stages.StageHosts;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.DecoderNames;
import org.intarsia.model.blocks.Family;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The backends, factories and families that are there now. Safe for use by several threads.
 *
 * <p>Who works with one does so inside {@link #using}: a service that leaves waits until that is over, so nothing is
 * pulled away from under a running computation; then everybody who watches drops it, and only then it is gone.
 */
@Component(service = Registry.class, configurationPid = Settings.PID)
@Designate(ocd = Settings.Description.class)
public final class Registry {
    private static final Set<String> OUR_BACKENDS = Set.of("cpu", "opencl", "vulkan");
    /** The bundle that has those which come with the platform. */
    private static final String FAMILIES = "org.intarsia.families";
    private static final Comparator<Offer<?>> BEST_FIRST =
            Comparator.comparingInt((Offer<?> offer) -> -offer.ranking()).thenComparingLong(Offer::id);

    /** In place of an age: the work asks nothing of a device, so it waits for no turn. */
    public static final long AT_ONCE = Long.MIN_VALUE;
    /**
     * In place of an age: others wait for the work, and perhaps those who hold up everybody else, such as a step that waits for another
     * host. So it waits for no turn, and behind services that leave only for a moment at a time.
     */
    public static final long UNHINDERED = Long.MIN_VALUE + 1;
    private static final long MOMENT_MILLIS = 50;
    /** The age of all work that is no generation. */
    public static final long OLDEST = 0;

    private final List<Offer<Backend>> backends = new CopyOnWriteArrayList<>();
    private final List<Offer<ComponentFactory<?>>> factories = new CopyOnWriteArrayList<>();
    private final List<Offer<ModelFamily>> families = new CopyOnWriteArrayList<>();
    private final List<Consumer<Object>> watchers = new CopyOnWriteArrayList<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Turns turns = new Turns();
    private final AtomicLong ages = new AtomicLong(OLDEST + 1);
    private final Bundles bundles;
    /** Services that have left, by the key that {@link #names} gives: a clause that names the service and its bundle. */
    private final Map<Object, String> departed = new HashMap<>();
    private final Map<Kind, String> preferredFactories = new ConcurrentHashMap<>();
    private volatile Settings settings;
    private long arrivals;
    /** Null where nothing reaches other hosts. */
    private volatile StageHostsUse stageHosts;
    private final String platform;
    private volatile String preferred = "";

    /**
     * A service that is there.
     *
     * @param service  the service
     * @param id       its service id: older ones are preferred
     * @param ranking  its service ranking: higher ones are preferred
     * @param bundleId the bundle that registered it
     * @param bundle   its symbolic name and version
     */
    public record Offer<S>(S service, long id, int ranking, long bundleId, String bundle) {
    }

    /** Tells what the framework knows of bundles, by their ids. */
    public interface Bundles {
        /** Returns symbolic name and version. */
        String name(long id);

        /** Tells whether all services of the bundle are about to leave. */
        default boolean isStopping(long id) {
            return false;
        }
    }

    /** The bundles of a framework. */
    private record Framework(BundleContext context) implements Bundles {
        @Override
        public String name(long id) {
            Bundle bundle = context.getBundle(id);
            return bundle.getSymbolicName() + " " + bundle.getVersion();
        }

        @Override
        public boolean isStopping(long id) {
            Bundle bundle = context.getBundle(id);
            return bundle != null && bundle.getState() == Bundle.STOPPING;
        }
    }

    @Activate
    public Registry(BundleContext context, Map<String, Object> properties) {
        this(new Framework(context), context.getBundle().getVersion().toString(), Settings.of(properties, context::getProperty));
    }

    /** Takes another configuration, which counts from the next wait on. */
    @Modified
    void modified(BundleContext context, Map<String, Object> properties) {
        settings = Settings.of(properties, context::getProperty);
    }

    /**
     * A registry outside of a framework.
     *
     * @param bundles  the bundles that services come from
     * @param platform the version of the engine
     * @param settings how long generations wait
     */
    public Registry(Bundles bundles, String platform, Settings settings) {
        this.bundles = bundles;
        this.platform = platform;
        this.settings = settings;
    }

    /** Returns the version of the engine. */
    public String platform() {
        return platform;
    }

    /** Returns the backends, best first. */
    public List<Offer<Backend>> backends() {
        return backends.stream().sorted(BEST_FIRST).toList();
    }

    /**
     * The backend of that name, or where none is named the preferred one, or else the best that has a device.
     *
     * @throws MissingBackendException when there is none
     */
    public Backend backend(Optional<String> name) {
        List<Backend> there = backends().stream().map(Offer::service).toList();
        if (there.isEmpty()) {
            throw missing("there is no backend to compute with", Backend.class, remedy("cpu"));
        }
        if (name.isPresent()) {
            return there.stream().filter(candidate -> candidate.name().equals(name.get())).findFirst()
                    .orElseThrow(() -> missing("there is no backend " + name.get() + " (installed: "
                            + there.stream().map(Backend::name).collect(Collectors.joining(", ")) + ")", name.get(),
                            remedy(name.get())));
        }
        return chosenBackend()
                .orElseThrow(() -> missing("no backend has a device ("
                        + there.stream().map(candidate -> candidate.name() + ": " + candidate.unavailable())
                                .collect(Collectors.joining("; ")) + ")", Backend.class, remedy("cpu")));
    }

    /** Returns the backend that is taken where none is named; empty where there is none with a device. */
    public Optional<Backend> chosenBackend() {
        return backends().stream().map(Offer::service)
                .filter(candidate -> candidate.name().equals(preferred) && !candidate.devices().isEmpty())
                .findFirst().or(() -> besides(Set.of()));
    }

    /** @param nameOrAny the name of a backend, or {@code Backend.class} where any would do */
    private MissingBackendException missing(String what, Object nameOrAny, String remedy) {
        Optional<String> left = hasLeft(nameOrAny);
        return new MissingBackendException(what + left.map(clause -> ", since " + clause + " and has not come back").orElse("")
                + ": " + remedy, left);
    }

    /** Only of our own backends the bundles' names are known. */
    private static String remedy(String name) {
        return OUR_BACKENDS.contains(name) ? "start or install the bundle org.intarsia.backend." + name
                : "name one of these, or start or install a bundle that provides it";
    }

    /** Returns symbolic name and version of the bundle that a backend which is there comes from. */
    public String bundle(Backend backend) {
        return backends.stream().filter(offer -> offer.service() == backend).findFirst().orElseThrow().bundle();
    }

    /** Returns the best backend that has a device and is none of these. */
    public Optional<Backend> besides(Set<Backend> others) {
        return backends().stream().map(Offer::service)
                .filter(candidate -> !others.contains(candidate) && !candidate.devices().isEmpty()).findFirst();
    }

    /**
     * From now on this backend is the best one for whoever names none.
     *
     * @throws BackendException when it is not installed, or has no device
     */
    public void prefer(String name) {
        Backend chosen = backend(Optional.of(name));
        if (chosen.devices().isEmpty()) {
            throw new BackendException("backend " + name + " has no device: " + chosen.unavailable());
        }
        preferred = name;
    }

    /**
     * Opens the device of a placement.
     *
     * @throws BackendException when there is none
     */
    public static Device open(Backend backend, Placement placement) {
        return placement.device().map(backend::open).orElseGet(backend::open);
    }

    /** Returns the families, best first. */
    public List<Offer<ModelFamily>> families() {
        return families.stream().sorted(BEST_FIRST).toList();
    }

    /**
     * The family that takes a model.
     *
     * @throws MissingComponentException when one has left, or none is there
     * @throws RefusedModelException     when all that are there refuse it; the sentence says why
     */
    public Offer<ModelFamily> family(ModelFiles published, String model) {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (Offer<ModelFamily> offer : families()) {
            Optional<String> refusal = offer.service().refuses(published);
            if (refusal.isEmpty()) {
                return offer;
            }
            reasons.put(offer.service().name(), refusal.get());
        }
        Optional<String> left = hasLeft(new FamilyName(published.family()))
                .or(() -> reasons.isEmpty() ? anyFamilyThatHasLeft() : Optional.empty());
        if (left.isPresent() || reasons.isEmpty()) {
            throw new MissingComponentException("no family takes model " + model + left.map(clause -> ", since " + clause
                    + " and has not come back: start or install that bundle").orElse(": start or install the bundle " + FAMILIES), left);
        }
        throw new RefusedModelException("no family takes model " + model + ": " + Family.refusal(published, reasons) + "; "
                + DecoderNames.judge(published.weights().names()) + "; take another model, or install a bundle that has its family");
    }

    /** Returns the factories of one kind, the preferred one first, then the best. */
    public List<Offer<ComponentFactory<?>>> factories(Kind kind) {
        String chosen = preferredFactories.get(kind);
        return factories.stream().filter(offer -> kind.factory().isInstance(offer.service()))
                .sorted(Comparator.comparing((Offer<ComponentFactory<?>> offer) -> !offer.service().name().equals(chosen))
                        .thenComparing(BEST_FIRST)).toList();
    }

    /**
     * From now on this factory is the first that is asked for components of its kind.
     *
     * @throws ModelException when it is not installed
     */
    public void prefer(Kind kind, String name) {
        List<String> there = factories(kind).stream().map(offer -> offer.service().name()).toList();
        if (!there.contains(name)) {
            throw new ModelException("there is no " + kind + " " + name + " (installed: "
                    + (there.isEmpty() ? "none" : String.join(", ", there)) + "): start or install a bundle that has it");
        }
        preferredFactories.put(kind, name);
        wake();
    }

    /** Returns an age for {@link #using} that is younger than all given before. */
    public long age() {
        return ages.getAndIncrement();
    }

    /** Works as {@link #using(long, Supplier)} does, before all that is in flight. */
    public <R> R using(Supplier<R> work) {
        return using(OLDEST, work);
    }

    /** Works with services that cannot leave meanwhile, when it is the turn of that age. Calls may be nested. */
    public <R> R using(long age, Supplier<R> work) {
        boolean waits = lock.getReadHoldCount() == 0 && age != AT_ONCE && age != UNHINDERED;
        if (waits) {
            turns.take(age);
        }
        if (age == UNHINDERED) {
            lockUnhindered();
        } else {
            lock.readLock().lock();
        }
        try {
            return work.get();
        } finally {
            lock.readLock().unlock();
            if (waits) {
                turns.giveBack();
            }
        }
    }

    /** Takes the read lock, after a moment also before those who wait for the write lock. */
    private void lockUnhindered() {
        boolean interrupted = false;
        while (true) {
            try {
                if (lock.readLock().tryLock(MOMENT_MILLIS, TimeUnit.MILLISECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
            // Without a time it does not queue behind them.
            if (lock.readLock().tryLock()) {
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets services leave that wait for the end of what the caller does; call it inside {@link #using}, between two pieces of work. */
    public void pause() {
        if (lock.getReadHoldCount() == 1 && isAwaited()) {
            lock.readLock().unlock();
            // Whoever waits for nobody to work comes first.
            lock.readLock().lock();
        }
    }

    /** Tells whether a thread waits for the end of all work with services. */
    public boolean isAwaited() {
        return lock.hasQueuedThreads();
    }

    /** Returns how many wait for their turn to work. */
    public int queue() {
        return turns.waiting();
    }

    /**
     * Does something while nobody works with any service.
     *
     * @return false, and nothing is done, where the caller itself works with one
     */
    public boolean alone(Runnable work) {
        if (lock.getReadHoldCount() > 0) {
            return false;
        }
        exclusively(work);
        return true;
    }

    private void exclusively(Runnable work) {
        lock.writeLock().lock();
        try {
            work.run();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Returns how often a service has come, or {@link #wake} was called. */
    public long arrivals() {
        synchronized (departed) {
            return arrivals;
        }
    }

    /** Lets everybody who waits for an arrival look again. */
    public void wake() {
        synchronized (departed) {
            arrivals++;
            departed.notifyAll();
        }
    }

    /** Tells of a backend or family that was there and has left, where none has come since: of this name, or any. */
    private Optional<String> hasLeft(Object nameOrAny) {
        synchronized (departed) {
            return Optional.ofNullable(departed.get(nameOrAny));
        }
    }

    /** Tells of some family that has left: files may name it otherwise than it names itself. */
    private Optional<String> anyFamilyThatHasLeft() {
        synchronized (departed) {
            return departed.entrySet().stream().filter(gone -> gone.getKey() instanceof FamilyName).map(Map.Entry::getValue).findFirst();
        }
    }

    /** Tells of a factory of this kind that was there and has left, where none of its name has come since. */
    public Optional<String> hasLeft(Kind kind) {
        synchronized (departed) {
            return departed.entrySet().stream()
                    .filter(gone -> gone.getKey() instanceof Factory factory && factory.kind() == kind)
                    .map(Map.Entry::getValue).findFirst();
        }
    }

    /**
     * Waits until a service comes.
     *
     * @param before   what {@link #arrivals} was when one was missed
     * @param deadline as {@link System#nanoTime} counts
     * @return false where none has come in time, or the thread was interrupted, or it works with services and must not wait
     */
    public boolean awaitArrival(long before, long deadline) {
        if (lock.getReadHoldCount() > 0) {
            return false;
        }
        synchronized (departed) {
            while (arrivals == before) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                try {
                    departed.wait(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    /** Returns the time for which a generation waits for the replacement of what it needs and what has left. */
    public Duration patience() {
        return settings.patience();
    }

    /** Returns the limits of what a model takes on at once. */
    public SchedulerLimits limits() {
        return settings.limits();
    }

    /** Returns the time for which a generation keeps a component that has left. */
    public Duration grace() {
        return settings.grace();
    }

    /** Tells {@code watcher} from now on of each service that leaves, while nobody works with any. */
    public void watch(Consumer<Object> watcher) {
        watchers.add(watcher);
    }

    /** Ends {@link #watch}, and does {@code last} while nobody works with any service. */
    public void unwatch(Consumer<Object> watcher, Runnable last) {
        exclusively(() -> {
            watchers.remove(watcher);
            last.run();
        });
    }

    /** Adds the service that knows other hosts; it is not asked for before {@link #stageHosts} is called. */
    @Reference(service = StageHosts.class, cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void addStageHosts(ComponentServiceObjects<StageHosts> service) {
        StageHostsUse former;
        synchronized (departed) {
            former = stageHosts;
            stageHosts = new StageHostsUse(service, this::hostsChanged);
            departed.remove(StageHosts.class);
        }
        if (former != null) {
            end(former);
        }
        wake();
    }

    /** Lets all models go of the hosts of a service, while nobody works with any. */
    private void end(StageHostsUse use) {
        exclusively(() -> {
            use.used().ifPresent(hosts -> watchers.forEach(watcher -> watcher.accept(hosts)));
            use.end();
        });
    }

    /** Removes the service that knows other hosts, once nobody works with any service. */
    public void removeStageHosts(ComponentServiceObjects<StageHosts> service) {
        StageHostsUse use;
        synchronized (departed) {
            use = stageHosts;
            if (use == null || !use.isOf(service)) {
                // Another has taken its place before.
                return;
            }
            stageHosts = null;
            departed.put(StageHosts.class, "the bundle that reaches other hosts has left");
        }
        end(use);
    }

    /**
     * Returns the service that knows other hosts.
     *
     * @throws MissingBackendException when there is none
     */
    public StageHosts stageHosts() {
        return Optional.ofNullable(stageHosts).flatMap(StageHostsUse::begin).orElseThrow(() -> {
            Optional<String> left = hasLeft(StageHosts.class);
            return new MissingBackendException("nothing here reaches other hosts" + left.map(clause -> ", since " + clause).orElse("")
                    + ": start or install the bundle org.intarsia.remote", left);
        });
    }

    /** Returns that service where it is there and was asked for before. */
    public Optional<StageHosts> usedStageHosts() {
        return Optional.ofNullable(stageHosts).flatMap(StageHostsUse::used);
    }

    /** Lets models look again at the hosts that are there, while nobody works with any service. */
    private void hostsChanged() {
        wake();
        exclusively(() -> {
            StageHostsUse use = stageHosts;
            if (use != null) {
                use.used().ifPresent(hosts -> watchers.forEach(watcher -> watcher.accept(hosts)));
            }
        });
    }

    /** Adds a backend, with the properties of its service. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addBackend(Backend backend, Map<String, Object> properties) {
        come(backends, offer(backend, properties));
    }

    /** Removes a backend, once nobody works with any service. */
    public void removeBackend(Backend backend) {
        leave(backends, backend);
    }

    /** Adds a factory of tokenizers, with the properties of its service. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addTokenizer(ComponentFactory.OfTokenizer factory, Map<String, Object> properties) {
        come(factories, offer(factory, properties));
    }

    /** Removes a factory of tokenizers, once nobody works with any service. */
    public void removeTokenizer(ComponentFactory.OfTokenizer factory) {
        leave(factories, factory);
    }

    /** Adds a factory of vision encoders, with the properties of its service. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addVisionEncoder(ComponentFactory.OfVisionEncoder factory, Map<String, Object> properties) {
        come(factories, offer(factory, properties));
    }

    /** Removes a factory of vision encoders, once nobody works with any service. */
    public void removeVisionEncoder(ComponentFactory.OfVisionEncoder factory) {
        leave(factories, factory);
    }

    /** Adds a factory of transformer cores, with the properties of its service. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addTransformerCore(ComponentFactory.OfTransformerCore factory, Map<String, Object> properties) {
        come(factories, offer(factory, properties));
    }

    /** Removes a factory of transformer cores, once nobody works with any service. */
    public void removeTransformerCore(ComponentFactory.OfTransformerCore factory) {
        leave(factories, factory);
    }

    /** Adds a factory of image decoders, with the properties of its service. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addImageDecoder(ComponentFactory.OfImageDecoder factory, Map<String, Object> properties) {
        come(factories, offer(factory, properties));
    }

    /** Removes a factory of image decoders, once nobody works with any service. */
    public void removeImageDecoder(ComponentFactory.OfImageDecoder factory) {
        leave(factories, factory);
    }

    /** Adds a family of models, with the properties of its service. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addFamily(ModelFamily family, Map<String, Object> properties) {
        come(families, offer(family, properties));
    }

    /** Removes a family of models, once nobody works with any service. */
    public void removeFamily(ModelFamily family) {
        leave(families, family);
    }

    private <S> Offer<S> offer(S service, Map<String, Object> properties) {
        long id = (Long) properties.get(Constants.SERVICE_ID);
        int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
        long bundle = (Long) properties.get(Constants.SERVICE_BUNDLEID);
        return new Offer<>(service, id, ranking, bundle, bundles.name(bundle));
    }

    private <S> void come(List<Offer<S>> offers, Offer<S> offer) {
        offers.add(offer);
        synchronized (departed) {
            departed.keySet().removeAll(names(offer.service()));
        }
        wake();
    }

    /** A factory by what stays the same when its bundle is started again: one bundle has factories for several families. */
    private record Factory(Kind kind, String name) {
    }

    /** A family by its name. */
    private record FamilyName(String name) {
    }

    /** What {@link #hasLeft} may ask for. */
    private static List<Object> names(Object service) {
        return switch (service) {
            case Backend backend -> List.of(backend.name(), Backend.class);
            case ModelFamily family -> List.of(new FamilyName(family.name()));
            default -> Arrays.stream(Kind.values()).filter(kind -> kind.factory().isInstance(service))
                    .<Object>map(kind -> new Factory(kind, ((ComponentFactory<?>) service).name())).toList();
        };
    }

    /** Names a service in a clause that says that it has left. */
    private static String words(Object key, Object service) {
        return switch (service) {
            case Backend backend -> "backend " + backend.name();
            case ModelFamily family -> "the model family " + family.name();
            default -> "the " + ((Factory) key).kind();
        };
    }

    /**
     * Lets a service go, and with the first one of a bundle that stops all the others: they leave one by one, and each would wait once
     * more for the end of all work, for which those who miss the first one have no patience.
     */
    private void leave(List<? extends Offer<?>> offers, Object service) {
        Optional<? extends Offer<?>> found = offers.stream().filter(offer -> offer.service() == service).findFirst();
        if (found.isEmpty()) {
            // It went with another of its bundle.
            return;
        }
        long bundle = found.get().bundleId();
        exclusively(() -> {
            boolean all = bundles.isStopping(bundle);
            for (List<? extends Offer<?>> each : List.of(backends, factories, families)) {
                for (Offer<?> offer : List.copyOf(each)) {
                    if (offer.service() == service || all && offer.bundleId() == bundle) {
                        each.remove(offer);
                        depart(offer);
                    }
                }
            }
        });
    }

    private void depart(Offer<?> offer) {
        Object service = offer.service();
        synchronized (departed) {
            names(service).forEach(key -> departed.put(key, words(key, service) + " of bundle " + offer.bundle() + " has left"));
        }
        watchers.forEach(watcher -> watcher.accept(service));
    }
}
