package org.intarsia.remote.distribution;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.remote.api.HostException;
import org.intarsia.remote.hosts.RemoteSettings;
import org.intarsia.remote.wire.HostAddress;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.remoteserviceadmin.EndpointDescription;
import org.osgi.service.remoteserviceadmin.EndpointEvent;
import org.osgi.service.remoteserviceadmin.EndpointEventListener;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners of Remote Service Admin that the hosts in the configuration have an endpoint each. Whether one answers is not
 * asked here.
 */
final class StaticDiscovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(StaticDiscovery.class);

    private final List<EndpointDescription> endpoints;

    /** Reads the addresses. */
    StaticDiscovery(RemoteSettings settings) {
        List<EndpointDescription> found = new ArrayList<>();
        for (String address : settings.hosts()) {
            try {
                found.add(new EndpointDescription(GrpcDistributionProvider.properties(HostAddress.parse(address))));
            } catch (HostException e) {
                LOGGER.warn("{}: {}", RemoteSettings.PID, e.getMessage());
            }
        }
        this.endpoints = List.copyOf(found);
    }

    /**
     * Tells each listener that is there or comes; closing the tracker takes the endpoints back. A reference of Declarative Services
     * would be a requirement in the manifest, which nothing meets where Remote Service Admin is not installed.
     */
    ServiceTracker<EndpointEventListener, EndpointEventListener> track(BundleContext context) {
        return new ServiceTracker<>(context, EndpointEventListener.class, null) {
            @Override
            public EndpointEventListener addingService(ServiceReference<EndpointEventListener> reference) {
                EndpointEventListener listener = context.getService(reference);
                tell(listener, scope(reference), EndpointEvent.ADDED);
                return listener;
            }

            @Override
            public void removedService(ServiceReference<EndpointEventListener> reference, EndpointEventListener listener) {
                tell(listener, scope(reference), EndpointEvent.REMOVED);
                context.ungetService(reference);
            }
        };
    }

    private static Object scope(ServiceReference<EndpointEventListener> reference) {
        return reference.getProperty(EndpointEventListener.ENDPOINT_LISTENER_SCOPE);
    }

    /** @param scope a filter, or several as an array or list; null for none */
    void tell(EndpointEventListener listener, Object scope, int event) {
        List<String> filters = scope instanceof String[] several ? List.of(several)
                : scope instanceof List<?> several ? several.stream().map(String::valueOf).toList()
                : scope == null ? List.of() : List.of(scope.toString());
        for (EndpointDescription endpoint : endpoints) {
            filters.stream().filter(filter -> matches(endpoint, filter)).findFirst()
                    .ifPresent(filter -> listener.endpointChanged(new EndpointEvent(event, endpoint), filter));
        }
    }

    private static boolean matches(EndpointDescription endpoint, String filter) {
        try {
            return FrameworkUtil.createFilter(filter).matches(endpoint.getProperties());
        } catch (InvalidSyntaxException e) {
            LOGGER.warn("A listener for endpoints has a scope that is no filter: {}", e.getMessage());
            return false;
        }
    }
}
