package org.intarsia.shell;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.osgi.service.component.annotations.Component;

/** Remembers what {@link EventFeed} has heard of the platform and of bundles; the oldest is forgotten first. */
@Component(service = EventLog.class)
public final class EventLog {
    /** Names of properties, as OSGi's EventAdmin has them. */
    static final String MESSAGE = "message";
    static final String SYMBOLIC_NAME = "bundle.symbolicName";
    static final String VERSION = "bundle.version";

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
            Object message = properties.get(MESSAGE);
            Object bundle = properties.get(SYMBOLIC_NAME);
            Object said = message != null ? message
                    : bundle != null ? bundle + " " + properties.get(VERSION)
                    : properties;
            return time + " " + topic + ": " + said;
        }
    }

    /** Remembers one more. */
    void add(Happening happening) {
        synchronized (happenings) {
            happenings.addLast(happening);
            if (happenings.size() > CAPACITY) {
                happenings.removeFirst();
            }
            followers.forEach(following -> following.ahead.add(happening));
        }
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
