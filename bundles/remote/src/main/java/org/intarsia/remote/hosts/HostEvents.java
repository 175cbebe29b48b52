package org.intarsia.remote.hosts;

import java.util.HashMap;
import java.util.Map;
import org.intarsia.remote.api.HostTopics;
import org.osgi.framework.BundleContext;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs changes of hosts, and publishes them where EventAdmin runs. */
class HostEvents {
    private static final Logger LOGGER = LoggerFactory.getLogger(HostEvents.class);

    private final ServiceTracker<Object, Object> eventAdmin;

    HostEvents(BundleContext context) {
        // Tracked by its name: the package of EventAdmin need not be there.
        eventAdmin = new ServiceTracker<>(context, "org.osgi.service.event.EventAdmin", null);
        eventAdmin.open();
    }

    /** Tells of a host whose state or identity is another one than before. */
    void changed(String address, KnownHost.Finding finding) {
        String topic = switch (finding.state()) {
            case REACHED -> HostTopics.REACHED;
            case REFUSED -> HostTopics.REFUSED;
            case LOST -> HostTopics.LOST;
            case UNKNOWN -> throw new IllegalArgumentException("nobody asks for that");
        };
        LOGGER.info("{}", finding.sentence());
        Object admin = eventAdmin.getService();
        if (admin != null) {
            Posting.post(admin, topic, finding.sentence(), Map.of(HostTopics.ADDRESS, address, HostTopics.ID, finding.id()));
        }
    }

    void close() {
        eventAdmin.close();
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
}
