package org.intarsia.engine.registry;

import java.util.Objects;
import java.util.Optional;
import org.intarsia.engine.stages.StageHosts;
import org.osgi.service.component.ComponentServiceObjects;

/** The use of a service that knows other hosts: from the first model on that is opened for several, so that others start nothing. */
final class StageHostsUse {
    private final ComponentServiceObjects<StageHosts> objects;
    private final Runnable watcher;
    private StageHosts used;
    private boolean ended;

    /** @param watcher hears of changes of hosts while the service is used */
    StageHostsUse(ComponentServiceObjects<StageHosts> objects, Runnable watcher) {
        this.objects = objects;
        this.watcher = watcher;
    }

    /** Tells whether it is the use of that service. */
    boolean isOf(ComponentServiceObjects<StageHosts> service) {
        return Objects.equals(objects.getServiceReference(), service.getServiceReference());
    }

    /** Returns the service, and uses it from now on; nothing where it has just left. */
    Optional<StageHosts> begin() {
        if (used().isPresent()) {
            return used();
        }
        // Without the monitor: Declarative Services have locks of their own.
        StageHosts service = objects.getService();
        if (service != null && take(service)) {
            service.watch(watcher);
        } else if (service != null) {
            objects.ungetService(service);
        }
        return used();
    }

    private synchronized boolean take(StageHosts service) {
        boolean taken = used == null && !ended;
        used = taken ? service : used;
        return taken;
    }

    /** Returns the service where it is used. */
    synchronized Optional<StageHosts> used() {
        return Optional.ofNullable(used);
    }

    /** Ends the use, and lets it not begin again. */
    void end() {
        Optional<StageHosts> last;
        synchronized (this) {
            last = used();
            used = null;
            ended = true;
        }
        last.ifPresent(service -> {
            service.unwatch(watcher);
            objects.ungetService(service);
        });
    }
}
