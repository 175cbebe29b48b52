package org.intarsia.http.platform;

import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.intarsia.engine.api.Topics;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/** Hears of swaps, pauses and bundles from EventAdmin. Of its own, since EventAdmin's interfaces need not be there. */
final class Happenings implements AutoCloseable {
    private final ServiceRegistration<?> registration;

    /** @param listener takes an event's name, as clients see it, and its fields; called on EventAdmin's threads */
    Happenings(BundleContext context, BiConsumer<String, Map<String, Object>> listener) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(EventConstants.EVENT_TOPIC, new String[] {Topics.ALL, Topics.BUNDLES + "*"});
        this.registration = context.registerService(EventHandler.class, event -> tell(event, listener), properties);
    }

    private static void tell(Event event, BiConsumer<String, Map<String, Object>> listener) {
        Map<String, Object> fields = new LinkedHashMap<>();
        String topic = event.getTopic();
        fields.put("what", topic.substring(topic.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT));
        if (topic.startsWith(Topics.BUNDLES)) {
            fields.put("name", String.valueOf(event.getProperty(EventConstants.BUNDLE_SYMBOLICNAME)));
            if (event.getProperty(EventConstants.BUNDLE) instanceof Bundle bundle) {
                fields.put("version", bundle.getVersion().toString());
            }
            listener.accept("bundle", fields);
            return;
        }
        for (String name : event.getPropertyNames()) {
            Object value = event.getProperty(name);
            if (!name.equals(EventConstants.EVENT_TOPIC) && (value instanceof String || value instanceof Number)) {
                fields.put(name, value);
            }
        }
        listener.accept(topic.contains("/swap/") ? "swap" : "generation", fields);
    }

    @Override
    public void close() {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            // The bundle has stopped meanwhile, and with it the registration.
            return;
        }
    }
}
