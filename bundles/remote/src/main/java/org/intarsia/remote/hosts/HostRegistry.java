package org.intarsia.remote.hosts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.intarsia.backend.api.BackendException;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Meter;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.stages.StageHost;
import org.intarsia.engine.stages.StageHosts;
import org.intarsia.model.api.ModelException;
import org.intarsia.remote.api.HostException;
import org.intarsia.remote.wire.HostAddress;
import org.intarsia.remote.wire.HostConnection;
import org.intarsia.remote.wire.WireThreads;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows other hosts: those of the configuration, and those that were added. Asks each whether it is there, every
 * {@code heartbeat} seconds, from the first time on that somebody asks for them. Safe for use by several threads.
 */
@Component(service = {HostRegistry.class, StageHosts.class}, configurationPid = RemoteSettings.PID)
@Designate(ocd = RemoteSettings.Description.class)
public final class HostRegistry implements StageHosts {
    private static final Logger LOGGER = LoggerFactory.getLogger(HostRegistry.class);
    /** Frames that a measurement of the link takes. */
    private static final int WARM = 50;
    private static final int FRAMES = 200;

    private final BundleContext context;
    private final Map<String, Object> properties;
    private final RemoteSettings settings;
    private final LocalHost local;
    private final HostEvents events;
    private final WireThreads threads = new WireThreads();
    private final HostListener listener;
    private final Map<String, KnownHost> known = new ConcurrentSkipListMap<>();
    /** Addresses that were removed, though a model may still name them. */
    private final Set<String> removed = ConcurrentHashMap.newKeySet();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private Optional<ScheduledExecutorService> heartbeat = Optional.empty();

    /** Connects nothing, and does not listen. */
    @Activate
    public HostRegistry(BundleContext context, @Reference Engine engine, @Reference Meter meter, Map<String, Object> properties) {
        this.context = context;
        this.properties = Map.copyOf(properties);
        this.settings = settings(Map.of());
        this.local = new LocalHost(engine, () -> bandwidth(meter), settings.name(), context.getBundle().getVersion().toString());
        this.events = new HostEvents(context);
        this.listener = new HostListener(local, threads);
    }

    /** Measures the memory of the processor; 0 where no backend computes on it. */
    private static double bandwidth(Meter meter) {
        try {
            return meter.limits(Placement.on(Optional.of("cpu")), _ -> { }).limits().bytes();
        } catch (BackendException e) {
            LOGGER.warn("This host does not tell how fast its memory is: {}", e.getMessage());
            return 0;
        }
    }

    /**
     * Returns the settings of the configuration, some of them replaced.
     *
     * @param replaced by the keys of the configuration
     */
    public RemoteSettings settings(Map<String, Object> replaced) {
        Map<String, Object> all = new HashMap<>(properties);
        all.putAll(replaced);
        return RemoteSettings.of(all, context::getProperty, LOGGER::warn);
    }

    /**
     * Adds a host and asks it at once. One that does not answer is kept, and asked again.
     *
     * @param address {@code HOST} or {@code HOST:PORT}
     * @throws HostException when it is no address, or the settings would let strangers in
     */
    public HostStatus add(String address) {
        HostAddress parsed = HostAddress.parse(address);
        removed.remove(parsed.toString());
        KnownHost host = known(parsed);
        host.ask(local);
        return HostStatus.of(host, Optional.empty());
    }

    /**
     * Forgets a host and closes its connection.
     *
     * @throws HostException when it is not known
     */
    public void remove(String address) {
        String parsed = HostAddress.parse(address).toString();
        KnownHost host = known.remove(parsed);
        if (host == null) {
            throw new HostException("host " + parsed + " is not known; `hosts` lists those that are");
        }
        removed.add(parsed);
        tell();
        host.close();
    }

    private void changed(String address, KnownHost.Finding finding) {
        events.changed(address, finding);
        tell();
    }

    /** On another thread: whoever watches may wait for a step that waits for a host. */
    private void tell() {
        Thread.ofVirtual().name("intarsia-remote-tell").start(() -> watchers.forEach(Runnable::run));
    }

    @Override
    public void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    @Override
    public void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    @Override
    public StageHost.Capacity local() {
        return local.capacity();
    }

    @Override
    public List<StageHost> hosts(List<String> addresses) {
        try {
            List<StageHost> hosts = new ArrayList<>();
            List<KnownHost> unasked = new ArrayList<>();
            for (HostAddress address : (addresses.equals(List.of(ALL)) ? all() : addresses).stream().map(HostAddress::parse).distinct().toList()) {
                if (removed.contains(address.toString())) {
                    hosts.add(new RemovedHost(address.toString()));
                    continue;
                }
                KnownHost host = known(address);
                hosts.add(host);
                if (host.finding().state() == KnownHost.State.UNKNOWN) {
                    unasked.add(host);
                }
            }
            ask(unasked);
            // One that is reached by two addresses is one.
            Set<String> seen = new HashSet<>();
            hosts.removeIf(host -> !host.id().isEmpty() && !seen.add(host.id()));
            return hosts;
        } catch (HostException e) {
            throw new ModelException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while hosts were asked");
        }
    }

    /** Asks all at once, and waits for all. */
    private void ask(List<KnownHost> hosts) throws InterruptedException {
        List<Thread> asking = hosts.stream().map(host -> Thread.ofVirtual().name("intarsia-remote-ask").start(() -> host.ask(local))).toList();
        for (Thread thread : asking) {
            thread.join();
        }
    }

    /** The addresses of the configuration, and those that were added. */
    private List<String> all() {
        List<String> all = new ArrayList<>(settings.hosts());
        all.addAll(known.keySet());
        all.removeIf(address -> removed.contains(HostAddress.parse(address).toString()));
        return all;
    }

    private synchronized KnownHost known(HostAddress address) {
        if (heartbeat.isEmpty()) {
            ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("intarsia-remote-heartbeat").factory());
            long millis = settings.heartbeat().toMillis();
            beats.scheduleWithFixedDelay(this::beat, millis, millis, TimeUnit.MILLISECONDS);
            heartbeat = Optional.of(beats);
        }
        return known.computeIfAbsent(address.toString(), key -> {
            HostConnection connection = new HostConnection(address, settings.security(), settings.limits(),
                    settings.activations(), threads);
            return new KnownHost(key, connection, connection::close, this::changed);
        });
    }

    private void beat() {
        known.values().forEach(host -> Thread.ofVirtual().name("intarsia-remote-ask").start(() -> host.askUnlessAsked(local)));
    }

    /**
     * Asks all hosts that are known, all at once.
     *
     * @param measured whether the links are measured, too, one after the other
     * @return a status each, by address
     * @throws HostException when an address of the configuration is wrong, or the settings would let strangers in
     */
    public List<HostStatus> hosts(boolean measured) throws InterruptedException {
        all().forEach(address -> known(HostAddress.parse(address)));
        List<KnownHost> hosts = List.copyOf(known.values());
        ask(hosts);
        return hosts.stream().map(host -> HostStatus.of(host, measured ? link(host) : Optional.empty())).toList();
    }

    private Optional<LinkMeasurement> link(KnownHost host) {
        if (host.finding().state() != KnownHost.State.REACHED) {
            return Optional.empty();
        }
        try {
            return Optional.of(LinkMeasurement.of(host.host(), WARM, FRAMES));
        } catch (HostException e) {
            // It was there a moment ago: the next question finds out, and says why it is not.
            host.ask(local);
            LOGGER.warn("The link to host {} could not be measured: {}", host.address(), e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Lets other hosts reach this one.
     *
     * @return where it listens
     * @throws HostException when it listens already, may not listen there, or cannot
     */
    public String listen(RemoteSettings chosen) {
        return listener.start(chosen);
    }

    /** Returns where this host listens; nothing where it does not. */
    public Optional<String> address() {
        return listener.address();
    }

    /** Stops listening, where it does. */
    public void stopListening() {
        listener.stop();
    }

    /** Says to other hosts from now on whether this one asks for no more work. */
    public void drain(boolean drained) {
        local.drain(drained);
    }

    /** Threads for connections; they live as long as this registry. */
    public WireThreads threads() {
        return threads;
    }

    /** Closes every connection; called by Declarative Services. */
    @Deactivate
    public void stop() {
        synchronized (this) {
            heartbeat.ifPresent(ScheduledExecutorService::shutdownNow);
        }
        listener.stop();
        known.values().forEach(KnownHost::close);
        known.clear();
        threads.close();
        events.close();
    }
}
