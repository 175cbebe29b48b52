package org.intarsia.remote.hosts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.intarsia.backend.api.BackendException;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Meter;
import org.intarsia.engine.api.Placement;
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
@Component(service = HostRegistry.class, configurationPid = RemoteSettings.PID)
@Designate(ocd = RemoteSettings.Description.class)
public final class HostRegistry {
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
        KnownHost host = known(HostAddress.parse(address));
        host.ask(local, events);
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
        host.close();
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
            HostConnection connection = new HostConnection(address, settings.security(), settings.limits(), threads);
            return new KnownHost(key, connection, connection::close);
        });
    }

    private void beat() {
        known.values().forEach(host -> Thread.ofVirtual().name("intarsia-remote-ask").start(() -> host.askUnlessAsked(local, events)));
    }

    /**
     * Asks all hosts that are known, all at once.
     *
     * @param measured whether the links are measured, too, one after the other
     * @return a status each, by address
     * @throws HostException when an address of the configuration is wrong, or the settings would let strangers in
     */
    public List<HostStatus> hosts(boolean measured) throws InterruptedException {
        settings.hosts().forEach(address -> known(HostAddress.parse(address)));
        List<KnownHost> hosts = List.copyOf(known.values());
        List<Thread> asking = new ArrayList<>();
        for (KnownHost host : hosts) {
            asking.add(Thread.ofVirtual().name("intarsia-remote-ask").start(() -> host.ask(local, events)));
        }
        for (Thread thread : asking) {
            thread.join();
        }
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
            host.ask(local, events);
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
