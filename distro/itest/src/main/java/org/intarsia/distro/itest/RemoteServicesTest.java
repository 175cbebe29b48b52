package org.intarsia.distro.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.intarsia.remote.api.Host;
import org.intarsia.remote.api.HostDescription;
import org.intarsia.remote.api.HostException;
import org.intarsia.remote.api.TensorFrame;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

/** Apache Aries RSA exports a host and imports it again, by its topology manager, over a socket. */
class RemoteServicesTest {
    private static final long PATIENCE_SECONDS = 60;

    private final BundleContext context = FrameworkUtil.getBundle(RemoteServicesTest.class).getBundleContext();

    /** A host of a name. */
    private record Named(String name) implements Host {
        @Override
        public HostDescription describe() {
            return new HostDescription("1", name, "1.2.3", false, 0, List.of(), List.of(), 0, 0);
        }

        @Override
        public TensorFrame echo(TensorFrame frame) {
            return frame;
        }
    }

    @Test
    void exportedHostIsImported() throws Exception {
        int port = freePort();
        ConfigurationAdmin admin = context.getService(context.getServiceReference(ConfigurationAdmin.class));
        Configuration configuration = admin.getConfiguration("org.intarsia.remote", "?");
        configuration.update(new Hashtable<>(Map.of("plain", "true", "port", port, "hosts", "127.0.0.1:" + port)));
        ServiceTracker<Host, Host> imported = new ServiceTracker<>(context,
                context.createFilter("(&(objectClass=org.intarsia.remote.api.Host)(service.imported=*))"), null);
        imported.open();
        Dictionary<String, Object> exported = new Hashtable<>(Map.of("service.exported.interfaces", "org.intarsia.remote.api.Host",
                "service.exported.configs", "intarsia.grpc"));
        ServiceRegistration<Host> registration = context.registerService(Host.class, new Named("exported"), exported);
        try {
            Host host = imported.waitForService(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            assertThat(host).isNotNull().isNotInstanceOf(Named.class);
            assertThat(described(host)).isEqualTo("exported");
        } finally {
            registration.unregister();
            imported.close();
            configuration.delete();
        }
    }

    /** Asks until the export, which another thread makes, listens. */
    private static String described(Host host) throws InterruptedException {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);; Thread.sleep(100)) {
            try {
                return host.describe().name();
            } catch (HostException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
