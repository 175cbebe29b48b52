package org.intarsia.http.server;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the server where the configuration says so, and stops it when that goes or changes. */
@Component(service = ConfiguredServer.class, immediate = true, configurationPid = Settings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Settings.Description.class)
public final class ConfiguredServer {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConfiguredServer.class);

    private final HttpServer server;
    private boolean started;

    /** Starts it, if it shall listen and does not yet. */
    @Activate
    public ConfiguredServer(@Reference HttpServer server, Map<String, Object> properties) {
        this.server = server;
        Settings settings = server.settings(properties);
        if (settings.listen() && server.status().isEmpty()) {
            try {
                LOGGER.info("The server listens at {}.", server.start(settings).address());
                started = true;
            } catch (ServerException e) {
                LOGGER.error("The server does not start: {}", e.getMessage());
            }
        }
    }

    /** Stops what it has started. */
    @Deactivate
    public void stop() {
        if (started) {
            server.stop();
        }
    }
}
