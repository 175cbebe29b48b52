package org.intarsia.http.server;

import java.util.Dictionary;
import java.util.Hashtable;

/** The settings of Felix HTTP and of the Jetty in it. */
final class JettySettings {
    /** Properties with this prefix are those of the service by which Felix HTTP says that it listens. */
    static final String RUNTIME_PREFIX = "org.apache.felix.http.runtime.init.";
    private static final int HEADER_BYTES = 16 << 10;

    private JettySettings() {
    }

    static Dictionary<String, Object> of(Settings settings, int port, String mark) {
        Dictionary<String, Object> jetty = new Hashtable<>();
        jetty.put(RUNTIME_PREFIX + mark, "true");
        jetty.put("org.apache.felix.http.name", "Intarsia");
        jetty.put("org.apache.felix.http.host", settings.host());
        if (settings.keyStore().isPresent()) {
            jetty.put("org.apache.felix.http.enable", false);
            jetty.put("org.apache.felix.https.enable", true);
            jetty.put("org.osgi.service.http.port.secure", port);
            jetty.put("org.apache.felix.https.keystore", settings.keyStore().get().toString());
            jetty.put("org.apache.felix.https.keystore.type", "PKCS12");
            settings.password().ifPresent(password -> {
                jetty.put("org.apache.felix.https.keystore.password", password);
                jetty.put("org.apache.felix.https.keystore.key.password", password);
            });
        } else {
            jetty.put("org.osgi.service.http.port", port);
        }
        jetty.put("org.apache.felix.http.timeout", (int) settings.idle().toMillis());
        // More than this is answered 431.
        jetty.put("org.apache.felix.http.jetty.headerBufferSize", HEADER_BYTES);
        // A request that waits or streams holds no thread of the system.
        jetty.put("org.apache.felix.http.jetty.virtualthreads.enable", true);
        jetty.put("org.apache.felix.http.jetty.acceptors", 1);
        jetty.put("org.apache.felix.http.jetty.selectors", 1);
        jetty.put("org.apache.felix.http.jetty.sendServerHeader", false);
        // Paths with doubled slashes, which clients make of an address that ends with one. The gate refuses what else this lets in.
        jetty.put("org.eclipse.jetty.UriComplianceMode", "LEGACY");
        return jetty;
    }
}
