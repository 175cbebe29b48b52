package org.intarsia.shell;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.intarsia.engine.api.Topics;
import org.osgi.framework.Bundle;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/** Remembers what EventAdmin has told of the platform and of bundles; the oldest is forgotten first. */
@Component(service = {EventLog.class, EventHandler.class}, property = {
        EventConstants.EVENT_TOPIC + "=" + Topics.ALL,
        EventConstants.EVENT_TOPIC + "=" + Topics.BUNDLES + "INSTALLED",
        EventConstants.EVENT_TOPIC + "=" + Topics.BUNDLES + "STARTED",
        EventConstants.EVENT_TOPIC + "=" + Topics.BUNDLES + "UPDATED",
        EventConstants.EVENT_TOPIC + "=" + Topics.BUNDLES + "STOPPED",
        EventConstants.EVENT_TOPIC + "=" + Topics.BUNDLES + "UNINSTALLED"})
public final class EventLog implements EventHandler {
    /** How many events are remembered. */
    static final int CAPACITY = 500;

    private final Deque<Happening> happenings = new ArrayDeque<>();
    private final List<Following> followers = new ArrayList<>();

    /**
     * What happened.
     *
     * @param time when, in ISO 8601
     * @param topic the event's topic, see {@link Topics}
     * @param properties those that are words or numbers
     */
    public record Happening(String time, String topic, SortedMap<String, Object> properties) {
        @Override
        public String toString() {
            Object message = properties.get(EventConstants.MESSAGE);
            Object bundle = properties.get(EventConstants.BUNDLE_SYMBOLICNAME);
            Object said = message != null ? message
                    : bundle != null ? bundle + " " + properties.get(EventConstants.BUNDLE_VERSION)
                    : properties;
            return time + " " + topic + ": " + said;
        }
    }

    @Override
    public void handleEvent(Event event) {
        Happening happening = happening(event);
        synchronized (happenings) {
            happenings.addLast(happening);
            if (happenings.size() > CAPACITY) {
                happenings.removeFirst();
            }
            followers.forEach(following -> following.ahead.add(happening));
        }
    }

    private static Happening happening(Event event) {
        SortedMap<String, Object> properties = new TreeMap<>();
        for (String name : event.getPropertyNames()) {
            Object value = event.getProperty(name);
            // Whatever else there is may be a bundle's own object, which must not be held.
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                properties.put(name, value);
            } else if (value instanceof Bundle bundle) {
                properties.put(EventConstants.BUNDLE_VERSION, bundle.getVersion().toString());
            }
        }
        properties.remove(EventConstants.EVENT_TOPIC);
        Instant time = event.getProperty(EventConstants.TIMESTAMP) instanceof Long millis
                ? Instant.ofEpochMilli(millis) : Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new Happening(time.toString(), event.getTopic(), properties);
    }

    /** The last events, oldest first. */
    public List<Happening> last(int count) {
        synchronized (happenings) {
            return happenings.stream().skip(Math.max(0, happenings.size() - count)).toList();
        }
    }

    /** The last events, oldest first, and then each that happens until it is closed. */
    public Following follow(int last) {
        synchronized (happenings) {
            Following following = new Following(new LinkedBlockingQueue<>(last(last)));
            followers.add(following);
            return following;
        }
    }

    /** Somebody who waits for events; whoever publishes them does not wait for him. */
    public final class Following implements AutoCloseable {
        private final BlockingQueue<Happening> ahead;

        private Following(BlockingQueue<Happening> ahead) {
            this.ahead = ahead;
        }

        /** The next event, once it has happened. */
        public Happening next() throws InterruptedException {
            return ahead.take();
        }

        @Override
        public void close() {
            synchronized (happenings) {
                followers.remove(this);
            }
        }
    }
}
