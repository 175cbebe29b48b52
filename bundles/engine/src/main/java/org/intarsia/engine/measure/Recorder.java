package org.intarsia.engine.measure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.intarsia.engine.api.Metrics;
import org.intarsia.engine.api.Topics;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what generations do, and publishes what others may want to hear of. Safe for use by several threads. */
@Component(service = Recorder.class)
public final class Recorder {
    private static final Logger LOGGER = LoggerFactory.getLogger(Recorder.class);
    /** Over how many whole seconds the rate is told. */
    private static final int SECONDS = 10;

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong finished = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong leaked = new AtomicLong();
    private final SpanRecorder gaps = new SpanRecorder();
    private final SpanRecorder pauses = new SpanRecorder();
    /** Tokens of each of the last seconds; the place of a second is its number modulo their count. */
    private final long[] bySecond = new long[SECONDS + 1];
    private long second = now();
    private long tokens;

    /** EventAdmin, which may come and go; null outside of a framework. */
    private final ServiceTracker<Object, Object> eventAdmin;

    /** A recorder that tells EventAdmin, where there is one. */
    @Activate
    public Recorder(BundleContext context) {
        // Tracked by its name: the package of EventAdmin need not be there.
        eventAdmin = new ServiceTracker<>(context, "org.osgi.service.event.EventAdmin", null);
        eventAdmin.open();
    }

    /** Makes a recorder outside of a framework, which publishes nothing. */
    public Recorder() {
        eventAdmin = null;
    }

    @Deactivate
    void deactivate() {
        eventAdmin.close();
    }

    /** Counts a generation that begins. */
    public void began() {
        inFlight.incrementAndGet();
    }

    /** Counts a generation that ends, as finished where it went well, else as failed. */
    public void ended(boolean well) {
        inFlight.decrementAndGet();
        (well ? finished : failed).incrementAndGet();
    }

    /** Counts and publishes that a user of a model waits, for this reason. Returns what the waiting returns. */
    public boolean waiting(String model, String reason, BooleanSupplier wait) {
        long begun = System.nanoTime();
        waiting.incrementAndGet();
        publish(Topics.GENERATION_PAUSED, "model " + model + " waits: " + reason,
                Map.of(Topics.MODEL, model, Topics.REASON, reason));
        try {
            return wait.getAsBoolean();
        } finally {
            waiting.decrementAndGet();
            double seconds = (System.nanoTime() - begun) / 1e9;
            publish(Topics.GENERATION_RESUMED, String.format(Locale.ROOT, "model %s has waited %.1f s", model, seconds),
                    Map.of(Topics.MODEL, model, Topics.SECONDS, seconds));
        }
    }

    /** Publishes that a model computes on another device than before. */
    public void backendSwapped(String model, String from, String to) {
        publish(Topics.BACKEND_SWAPPED, "model " + model + " has moved from " + from + " to " + to,
                Map.of(Topics.MODEL, model, Topics.FROM, from, Topics.TO, to));
    }

    /** Publishes that new generations of a model use another component than before. */
    public void componentSwapped(String model, String kind, String from, String to) {
        publish(Topics.COMPONENT_SWAPPED, "the " + kind + " of model " + model + " is that of " + to + ", it was that of " + from,
                Map.of(Topics.MODEL, model, Topics.KIND, kind, Topics.FROM, from, Topics.TO, to));
    }

    private void publish(String topic, String message, Map<String, Object> properties) {
        Object admin = eventAdmin == null ? null : eventAdmin.getService();
        if (admin != null) {
            Posting.post(admin, topic, message, properties);
        }
    }

    /** Uses the classes of EventAdmin, so it is loaded only once there is one. */
    private static final class Posting {
        private Posting() {
        }

        static void post(Object admin, String topic, String message, Map<String, Object> properties) {
            Map<String, Object> all = new HashMap<>(properties);
            all.put(EventConstants.MESSAGE, message);
            ((EventAdmin) admin).postEvent(new Event(topic, all));
        }
    }

    /**
     * Tokens have been chosen.
     *
     * @param nanos   how long after those before them
     * @param swapped whether something was swapped in between
     */
    public void tokens(int count, long nanos, boolean swapped) {
        (swapped ? pauses : gaps).add(nanos);
        synchronized (bySecond) {
            advance();
            bySecond[(int) (second % bySecond.length)] += count;
            tokens += count;
        }
    }

    /** Logs and counts bytes that a device still holds although everything of ours on it was closed. */
    public void left(String device, long bytes) {
        if (bytes != 0) {
            LOGGER.warn("{} still held {} bytes when everything on it was closed", device, bytes);
            leaked.addAndGet(bytes);
        }
    }

    /** Returns the counts so far, together with what the caller knows: waiting requests, and bytes by device. */
    public Metrics metrics(int queue, Map<String, Long> memory) {
        synchronized (bySecond) {
            advance();
            long recent = Arrays.stream(bySecond).sum() - bySecond[(int) (second % bySecond.length)];
            return new Metrics(inFlight.get(), waiting.get(), queue, finished.get(), failed.get(), tokens,
                    (double) recent / SECONDS, gaps.spans(), pauses.spans(), new TreeMap<>(memory), leaked.get());
        }
    }

    private void advance() {
        long now = now();
        for (long passed = Math.max(second + 1, now - SECONDS); passed <= now; passed++) {
            bySecond[(int) (passed % bySecond.length)] = 0;
        }
        second = now;
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    }
}
