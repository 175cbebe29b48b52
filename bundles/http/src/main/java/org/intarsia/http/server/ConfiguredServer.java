package org.intarsia.http.server;

import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the server where the configuration or a property of the platform says so, and stops it when that goes or changes. The
 * server, and the engine with it, begin only then.
 */
@Component(service = ConfiguredServer.class, immediate = true, configurationPid = Settings.PID)
@Designate(ocd = Settings.Description.class)
public final class ConfiguredServer {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConfiguredServer.class);

    private final ComponentServiceObjects<HttpServer> servers;
    private Optional<HttpServer> started = Optional.empty();

    /** Starts it, if it shall listen and does not yet. */
    @Activate
    public ConfiguredServer(BundleContext context, @Reference ComponentServiceObjects<HttpServer> servers, Map<String, Object> properties) {
        this.servers = servers;
        Settings settings = Settings.of(properties, context::getProperty, LOGGER::warn);
        if (settings.listen()) {
            start(settings);
        }
    }

    private void start(Settings settings) {
        HttpServer server = servers.getService();
        try {
            if (server.status().isEmpty()) {
                LOGGER.info("The server listens at {}.", server.start(settings).address());
                started = Optional.of(server);
                return;
            }
        } catch (ServerException e) {
            LOGGER.error("The server does not start: {}", e.getMessage());
        }
        servers.ungetService(server);
    }

    /** Stops what it has started. */
    @Deactivate
    public void stop() {
        started.ifPresent(server -> {
            server.stop();
            servers.ungetService(server);
        });
    }
}
