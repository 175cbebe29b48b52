package org.intarsia.remote.hosts;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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

    /** EventAdmin, which may come and go; nothing outside of a framework. */
    private final Optional<ServiceTracker<Object, Object>> eventAdmin;

    /** Publishes nothing. */
    HostEvents() {
        eventAdmin = Optional.empty();
    }

    HostEvents(BundleContext context) {
        // Tracked by its name: the package of EventAdmin need not be there.
        ServiceTracker<Object, Object> tracker = new ServiceTracker<>(context, "org.osgi.service.event.EventAdmin", null);
        tracker.open();
        eventAdmin = Optional.of(tracker);
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
        eventAdmin.map(ServiceTracker::getService).ifPresent(admin -> Posting.post(admin, topic, finding.sentence(),
                Map.of(HostTopics.ADDRESS, address, HostTopics.ID, finding.id())));
    }

    void close() {
        eventAdmin.ifPresent(ServiceTracker::close);
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
