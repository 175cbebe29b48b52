package org.intarsia.remote.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.aries.rsa.spi.Endpoint;
import org.intarsia.remote.api.Host;
import org.intarsia.remote.api.HostException;
import org.intarsia.remote.hosts.RemoteSettings;
import org.intarsia.remote.wire.ToyHost;
import org.intarsia.remote.wire.WireThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.remoteserviceadmin.EndpointDescription;
import org.osgi.service.remoteserviceadmin.EndpointEvent;
import org.osgi.service.remoteserviceadmin.EndpointEventListener;

/** Export and import as Aries RSA calls for them. */
class GrpcDistributionProviderTest {
    private final WireThreads threads = new WireThreads();
    private final GrpcDistributionProvider provider = new GrpcDistributionProvider(settings(Map.of("plain", "true", "port", "0")), threads);

    @AfterEach
    void end() {
        threads.close();
    }

    private static RemoteSettings settings(Map<String, String> given) {
        return RemoteSettings.of(given, key -> null, warning -> {
            throw new AssertionError(warning);
        });
    }

    @Test
    void exportedHostIsImportedByItsDescription() throws IOException {
        Map<String, Object> properties = Map.of("objectClass", new String[] {Host.class.getName()});
        try (Endpoint endpoint = provider.exportService(new ToyHost(ToyHost.USUAL), null, properties, new Class<?>[] {Host.class})) {
            EndpointDescription description = endpoint.description();
            assertThat(description.getConfigurationTypes()).containsExactly("intarsia.grpc");
            assertThat(description.getInterfaces()).containsExactly("org.intarsia.remote.api.Host");
            Host imported = (Host) provider.importEndpoint(null, null, new Class<?>[] {Host.class}, description);
            assertThat(imported.describe()).isEqualTo(ToyHost.USUAL);
            provider.stop();
            assertThatThrownBy(imported::describe).hasMessageContaining("is closed");
        }
    }

    @Test
    void otherInterfacesAreRefused() {
        Class<?>[] other = {Runnable.class};
        assertThatThrownBy(() -> provider.exportService((Runnable) () -> { }, null, Map.of(), other)).isInstanceOf(HostException.class)
                .hasMessageContaining("org.intarsia.remote.api.Host alone");
        EndpointDescription description = new EndpointDescription(Map.of("objectClass", new String[] {"java.lang.Runnable"},
                "endpoint.id", "intarsia.grpc://127.0.0.1:1", "service.imported.configs", "intarsia.grpc"));
        assertThatThrownBy(() -> provider.importEndpoint(null, null, other, description)).hasMessageContaining("Host alone");
    }

    @Test
    void exportWithoutSecurityIsRefused() {
        GrpcDistributionProvider open = new GrpcDistributionProvider(settings(Map.of("port", "0")), threads);
        assertThatThrownBy(() -> open.exportService(new ToyHost(ToyHost.USUAL), null, Map.of(), new Class<?>[] {Host.class}))
                .hasMessageContaining("hosts need to know each other");
    }

    @Test
    void configuredHostsAreAnnouncedToWhoAsks() {
        StaticDiscovery discovery = new StaticDiscovery(settings(Map.of("hosts", "10.0.0.2, 10.0.0.3:99, wrong:port")));
        List<String> events = new ArrayList<>();
        EndpointEventListener listener = (event, filter) ->
                events.add((event.getType() == EndpointEvent.ADDED ? "+" : "-") + event.getEndpoint().getId());
        discovery.tell(listener, new String[] {"(objectClass=other)"}, EndpointEvent.ADDED);
        discovery.tell(listener, null, EndpointEvent.ADDED);
        assertThat(events).isEmpty();
        String all = "(objectClass=org.intarsia.remote.api.Host)";
        discovery.tell(listener, all, EndpointEvent.ADDED);
        discovery.tell(listener, List.of(all), EndpointEvent.REMOVED);
        assertThat(events).containsExactly("+intarsia.grpc://10.0.0.2:7420", "+intarsia.grpc://10.0.0.3:99",
                "-intarsia.grpc://10.0.0.2:7420", "-intarsia.grpc://10.0.0.3:99");
    }
}
