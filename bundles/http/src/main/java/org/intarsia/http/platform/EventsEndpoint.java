package org.intarsia.http.platform;

import jakarta.servlet.Servlet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.intarsia.engine.api.Engine;
import org.intarsia.http.Endpoint;
import org.intarsia.http.EventStream;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpEndpoint;
import org.intarsia.http.HttpException;
import org.intarsia.http.server.HttpServer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code GET /intarsia/events}: what happens, as a stream. {@code swap}, {@code generation} (paused, resumed) and
 * {@code bundle} come when it happens, {@code components} when the snapshot is another, {@code metrics} each second.
 */
@Component(service = Servlet.class)
@Endpoint(servlet_pattern = "/intarsia/events")
public final class EventsEndpoint extends HttpEndpoint {
    private static final long serialVersionUID = 1;
    private static final int MOST_LISTENERS = 64;
    /** Events that wait for a slow reader; more are dropped, since the next snapshot tells where things stand. */
    private static final int MOST_WAITING = 256;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final transient BundleContext context;
    private final transient Engine engine;
    private final transient HttpServer server;
    private final transient Semaphore listeners = new Semaphore(MOST_LISTENERS);

    /** @param name an event's name; empty where the stream is to end */
    private record Happened(String name, Map<String, Object> fields) {
    }

    @Activate
    public EventsEndpoint(BundleContext context, @Reference Engine engine, @Reference HttpServer server) {
        this.context = context;
        this.engine = engine;
        this.server = server;
    }

    @Override
    protected void answer(Exchange exchange) throws InterruptedException {
        exchange.allow("GET");
        if (exchange.method().equals("HEAD")) {
            exchange.bytes(200, "text/event-stream;charset=utf-8", new byte[0]);
            return;
        }
        if (!listeners.tryAcquire()) {
            throw HttpException.busy(429, 10, MOST_LISTENERS + " clients listen already, and more are not told; try again later");
        }
        BlockingQueue<Happened> happened = new ArrayBlockingQueue<>(MOST_WAITING);
        Runnable end = () -> {
            happened.clear();
            happened.add(new Happened("", Map.of()));
        };
        server.onStop(end);
        exchange.onGone(end);
        Optional<Happenings> happenings = happenings(happened);
        try (EventStream events = exchange.events()) {
            tell(events, happened);
        } finally {
            happenings.ifPresent(Happenings::close);
            server.forget(end);
            listeners.release();
        }
    }

    private Optional<Happenings> happenings(BlockingQueue<Happened> happened) {
        try {
            return Optional.of(new Happenings(context, (name, fields) -> happened.offer(new Happened(name, fields))));
        } catch (NoClassDefFoundError e) {
            // Without EventAdmin the stream has snapshots and metrics only.
            return Optional.empty();
        }
    }

    private void tell(EventStream events, BlockingQueue<Happened> happened) throws InterruptedException {
        Object told = null;
        long due = System.nanoTime();
        while (true) {
            long left = due - System.nanoTime();
            Happened next = left > 0 ? happened.poll(left, TimeUnit.NANOSECONDS) : happened.poll();
            if (next != null && next.name().isEmpty()) {
                return;
            }
            if (next != null) {
                events.send(next.name(), next.fields());
            }
            if (next == null || left <= 0) {
                Object snapshot = Snapshot.of(engine);
                if (!snapshot.equals(told)) {
                    events.send("components", snapshot);
                    told = snapshot;
                }
                events.send("metrics", Snapshot.metrics(engine, server));
                due = System.nanoTime() + SECOND;
            }
        }
    }
}
