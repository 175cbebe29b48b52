package org.intarsia.remote.distribution;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.intarsia.remote.api.HostException;
import org.intarsia.remote.hosts.HostRegistry;
import org.intarsia.remote.hosts.RemoteSettings;
import org.intarsia.remote.wire.HostAddress;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.remoteserviceadmin.EndpointDescription;
import org.osgi.service.remoteserviceadmin.EndpointEvent;
import org.osgi.service.remoteserviceadmin.EndpointEventListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners of Remote Service Admin that the hosts in the configuration have an endpoint each. Whether one answers is not
 * asked here. Begins where there is such a listener; a change of the configuration begins it anew.
 */
@Component(immediate = true)
public final class StaticDiscovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(StaticDiscovery.class);

    private final List<EndpointDescription> endpoints;

    /** Reads the addresses. */
    @Activate
    public StaticDiscovery(@Reference HostRegistry registry) {
        this(registry.settings(Map.of()));
    }

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

    /** Tells a listener of the endpoints that it asks for; called by Declarative Services. */
    @Reference(cardinality = ReferenceCardinality.AT_LEAST_ONE, policy = ReferencePolicy.DYNAMIC)
    void bindListener(EndpointEventListener listener, Map<String, Object> properties) {
        tell(listener, properties, EndpointEvent.ADDED);
    }

    /** Takes the endpoints back; called by Declarative Services. */
    void unbindListener(EndpointEventListener listener, Map<String, Object> properties) {
        tell(listener, properties, EndpointEvent.REMOVED);
    }

    private void tell(EndpointEventListener listener, Map<String, Object> properties, int event) {
        Object scope = properties.get(EndpointEventListener.ENDPOINT_LISTENER_SCOPE);
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
