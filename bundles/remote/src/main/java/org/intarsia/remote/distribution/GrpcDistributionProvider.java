package org.intarsia.remote.distribution;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.aries.rsa.spi.DistributionProvider;
import org.apache.aries.rsa.spi.Endpoint;
import org.intarsia.remote.api.Host;
import org.intarsia.remote.api.HostException;
import org.intarsia.remote.hosts.HostRegistry;
import org.intarsia.remote.hosts.RemoteSettings;
import org.intarsia.remote.wire.HostAddress;
import org.intarsia.remote.wire.HostConnection;
import org.intarsia.remote.wire.HostServer;
import org.intarsia.remote.wire.WireThreads;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.remoteserviceadmin.EndpointDescription;
import org.osgi.service.remoteserviceadmin.RemoteConstants;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Exports and imports services over gRPC, by the configuration type {@value #TYPE}. Only {@link Host} can be exported: a method
 * of any other interface would need a layout for what it takes and returns. Addresses, certificates and limits are those of the
 * configuration {@value RemoteSettings#PID}; a service may choose its own by {@value #HOST} and {@value #PORT}.
 */
@Capability(namespace = "osgi.remoteserviceadmin.distribution", version = "1.1.0",
        attribute = "configs:List<String>=" + GrpcDistributionProvider.TYPE)
@Capability(namespace = "osgi.remoteserviceadmin.discovery", version = "1.1.0", attribute = "protocols:List<String>=static")
@Component(service = DistributionProvider.class, property = RemoteConstants.REMOTE_CONFIGS_SUPPORTED + "=" + GrpcDistributionProvider.TYPE)
public final class GrpcDistributionProvider implements DistributionProvider {
    static final String TYPE = "intarsia.grpc";
    static final String HOST = "intarsia.grpc.host";
    static final String PORT = "intarsia.grpc.port";
    private static final String SCHEME = TYPE + "://";

    private final RemoteSettings settings;
    private final WireThreads threads;
    /** Connections by endpoint: Aries RSA 1.16 does not say when an import has ended, so they last as long as this component. */
    private final Map<String, HostConnection> imported = new ConcurrentHashMap<>();

    /** Announces the hosts of the configuration for as long as this component is there; nothing outside of a framework. */
    private final Optional<ServiceTracker<?, ?>> discovery;

    /** Made when Remote Service Admin asks for it; listens and connects for nobody yet. */
    @Activate
    public GrpcDistributionProvider(BundleContext context, @Reference HostRegistry registry) {
        this.settings = registry.settings(Map.of());
        this.threads = registry.threads();
        ServiceTracker<?, ?> tracker = new StaticDiscovery(settings).track(context);
        tracker.open();
        this.discovery = Optional.of(tracker);
    }

    GrpcDistributionProvider(RemoteSettings settings, WireThreads threads) {
        this.settings = settings;
        this.threads = threads;
        this.discovery = Optional.empty();
    }

    @Override
    public String[] getSupportedTypes() {
        return new String[] {TYPE};
    }

    /** @throws HostException when another interface shall be exported, or it cannot listen or may not */
    @Override
    @SuppressWarnings("rawtypes") // The signature is that of Aries.
    public Endpoint exportService(Object service, BundleContext context, Map<String, Object> properties, Class[] interfaces) {
        refuseOthers(interfaces);
        String address = String.valueOf(properties.getOrDefault(HOST, settings.host()));
        HostServer server = new HostServer((Host) service, address, port(properties), settings.security(), settings.limits(), threads);
        Map<String, Object> described = new HashMap<>(properties);
        described.putAll(properties(new HostAddress(address, server.port())));
        EndpointDescription description = new EndpointDescription(described);
        return new Endpoint() {
            @Override
            public EndpointDescription description() {
                return description;
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }

    private int port(Map<String, Object> properties) {
        Object given = properties.get(PORT);
        try {
            return given == null ? settings.port() : Integer.parseInt(given.toString());
        } catch (NumberFormatException e) {
            throw new HostException("the property " + PORT + " of a service is a port's number; correct it", e);
        }
    }

    /** Returns the properties of an endpoint for the {@link Host} that listens at an address. */
    static Map<String, Object> properties(HostAddress address) {
        return Map.of(Constants.OBJECTCLASS, new String[] {Host.class.getName()}, RemoteConstants.ENDPOINT_ID, SCHEME + address,
                RemoteConstants.SERVICE_IMPORTED_CONFIGS, new String[] {TYPE}, RemoteConstants.SERVICE_IMPORTED, "true");
    }

    /** @throws HostException when another interface shall be imported, or the settings would let strangers in */
    @Override
    @SuppressWarnings("rawtypes") // The signature is that of Aries.
    public Object importEndpoint(ClassLoader loader, BundleContext context, Class[] interfaces, EndpointDescription endpoint) {
        refuseOthers(interfaces);
        if (!endpoint.getId().startsWith(SCHEME)) {
            throw new HostException("an endpoint of the type " + TYPE + " has an identity that begins with " + SCHEME);
        }
        return imported.computeIfAbsent(endpoint.getId(), id -> new HostConnection(HostAddress.parse(id.substring(SCHEME.length())),
                settings.security(), settings.limits(), settings.activations(), threads));
    }

    /** Takes the announced hosts back, and closes the connections of imported services; called by Declarative Services. */
    @Deactivate
    public void stop() {
        discovery.ifPresent(ServiceTracker::close);
        imported.values().forEach(HostConnection::close);
        imported.clear();
    }

    private static void refuseOthers(Class<?>[] interfaces) {
        if (!Arrays.equals(interfaces, new Class<?>[] {Host.class})) {
            throw new HostException(TYPE + " exports and imports " + Host.class.getName() + " alone, not "
                    + Arrays.toString(interfaces) + "; choose another type for others");
        }
    }
}
