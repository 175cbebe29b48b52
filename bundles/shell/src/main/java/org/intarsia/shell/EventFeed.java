package org.intarsia.shell;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SortedMap;
import java.util.TreeMap;
import org.intarsia.engine.api.Topics;
import org.osgi.framework.Bundle;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/**
 * Hears from EventAdmin what happens to the platform and to bundles, for the {@link EventLog}. Where there is no EventAdmin,
 * nobody asks for this component, and its class, which needs EventAdmin's package, is never loaded.
 */
@Component(service = EventHandler.class, property = {
        EventConstants.EVENT_TOPIC + "=" + Topics.ALL,
        EventConstants.EVENT_TOPIC + "=" + Topics.BUNDLES + "INSTALLED",
        EventConstants.EVENT_TOPIC + "=" + Topics.BUNDLES + "STARTED",
        EventConstants.EVENT_TOPIC + "=" + Topics.BUNDLES + "UPDATED",
        EventConstants.EVENT_TOPIC + "=" + Topics.BUNDLES + "STOPPED",
        EventConstants.EVENT_TOPIC + "=" + Topics.BUNDLES + "UNINSTALLED"})
public final class EventFeed implements EventHandler {
    private final EventLog log;

    @Activate
    public EventFeed(@Reference EventLog log) {
        this.log = log;
    }

    @Override
    public void handleEvent(Event event) {
        log.add(happening(event));
    }

    private static EventLog.Happening happening(Event event) {
        SortedMap<String, Object> properties = new TreeMap<>();
        for (String name : event.getPropertyNames()) {
            Object value = event.getProperty(name);
            // Whatever else there is may be a bundle's own object, which must not be held.
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                properties.put(name, value);
            } else if (value instanceof Bundle bundle) {
                properties.put(EventLog.VERSION, bundle.getVersion().toString());
            }
        }
        properties.remove(EventConstants.EVENT_TOPIC);
        Instant time = event.getProperty(EventConstants.TIMESTAMP) instanceof Long millis
                ? Instant.ofEpochMilli(millis) : Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new EventLog.Happening(time.toString(), event.getTopic(), properties);
    }
}
