package org.intarsia.health;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.apache.felix.hc.api.HealthCheck;
import org.intarsia.backend.api.Backend;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Registers a health check for each backend and each model while it is there. Nothing is looked into before a check is run:
 * a backend is not even made for it.
 */
@Capability(namespace = "osgi.service", uses = HealthCheck.class,
        attribute = "objectClass:List<String>=org.apache.felix.hc.api.HealthCheck")
@Requirement(namespace = "osgi.service", effective = "active", filter = "(objectClass=org.intarsia.engine.api.Engine)")
@Component(immediate = true)
public final class HealthChecks {
    private static final String MODEL = "org.intarsia.model";

    private final BundleContext context;
    private final ServiceTracker<Backend, ServiceRegistration<HealthCheck>> backends;
    private final BundleTracker<List<ServiceRegistration<HealthCheck>>> models;

    @Activate
    public HealthChecks(BundleContext context) {
        this.context = context;
        this.backends = new ServiceTracker<>(context, Backend.class, null) {
            @Override
            public ServiceRegistration<HealthCheck> addingService(ServiceReference<Backend> backend) {
                return register("backend", backend.getBundle().getSymbolicName(), () -> {
                    Backend present = context.getService(backend);
                    try {
                        return BackendCheck.check(present);
                    } finally {
                        context.ungetService(backend);
                    }
                });
            }

            @Override
            public void removedService(ServiceReference<Backend> backend, ServiceRegistration<HealthCheck> check) {
                check.unregister();
            }
        };
        this.models = new BundleTracker<>(context, Bundle.STARTING | Bundle.ACTIVE, null) {
            @Override
            public List<ServiceRegistration<HealthCheck>> addingBundle(Bundle bundle, BundleEvent event) {
                return names(bundle).stream()
                        .map(name -> register("model", name, new ModelCheck(context, name)::check)).toList();
            }

            @Override
            public void removedBundle(Bundle bundle, BundleEvent event, List<ServiceRegistration<HealthCheck>> checks) {
                checks.forEach(ServiceRegistration::unregister);
            }
        };
        backends.open();
        models.open();
    }

    /** Called by Declarative Services. */
    @Deactivate
    public void stop() {
        models.close();
        backends.close();
    }

    private static List<String> names(Bundle bundle) {
        List<BundleCapability> models = bundle.adapt(BundleRevision.class).getDeclaredCapabilities(MODEL);
        return models.stream().map(model -> String.valueOf(model.getAttributes().get("name"))).toList();
    }

    private ServiceRegistration<HealthCheck> register(String tag, String name, HealthCheck check) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(HealthCheck.NAME, tag + " " + name);
        properties.put(HealthCheck.TAGS, new String[] {tag});
        return context.registerService(HealthCheck.class, check, properties);
    }
}
