package org.intarsia.http.server;

import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.intarsia.engine.api.Engine;
import org.intarsia.http.Admission;
import org.intarsia.http.Models;
import org.intarsia.http.api.HttpContext;
import org.intarsia.text.Quoted;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.osgi.service.servlet.whiteboard.Preprocessor;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops the server. Felix HTTP gets a configuration of its own for it, marked with the property {@value #MARK}; the
 * servlet context {@value HttpContext#NAME} and the {@link Gate} are there while it runs, and for it alone, so an HTTP service
 * of the container around is left as it is.
 */
@Component(service = HttpServer.class)
public final class HttpServer {
    private static final Logger LOGGER = LoggerFactory.getLogger(HttpServer.class);
    private static final String MARK = "org.intarsia.http";
    private static final String JETTY = "org.apache.felix.http";
    /** {@link HttpContext#SELECT} within a filter. */
    private static final String MARKED = HttpContext.SELECT.replace("(", "\\(").replace(")", "\\)");
    private static final Duration START = Duration.ofSeconds(20);
    /** A client that reads slowly is not waited for any longer. */
    private static final Duration WRITING = Duration.ofSeconds(5);
    /** An endpoint that Felix HTTP refuses is not waited for any longer. */
    private static final Duration ENDPOINTS = Duration.ofSeconds(2);

    private final BundleContext context;
    private final ConfigurationAdmin configurations;
    private final Engine engine;
    private Optional<Running> running = Optional.empty();

    /**
     * A server that listens.
     *
     * @param settings what it was started with
     * @param address  where it listens, as a browser has it
     * @param since    when it was started, in milliseconds since 1970
     */
    public record Status(Settings settings, String address, long since) {
    }

    /** All that is there while the server runs. */
    private record Running(Status status, RequestQueue queue, ServedModels models, RequestStatistics statistics,
            List<Runnable> onStop, List<ServiceRegistration<?>> services, Configuration jetty) {
    }

    /** Needs the services that it hands on, but begins nothing. */
    @Activate
    public HttpServer(BundleContext context, @Reference ConfigurationAdmin configurations, @Reference Engine engine) {
        this.context = context;
        this.configurations = configurations;
        this.engine = engine;
    }

    /**
     * Returns the settings of the configuration, some of them replaced.
     *
     * @param replaced by the keys of the configuration
     */
    public Settings settings(Map<String, Object> replaced) {
        Map<String, Object> properties = new HashMap<>();
        try {
            Configuration[] configured = configurations.listConfigurations("(" + Constants.SERVICE_PID + "=" + Settings.PID + ")");
            if (configured != null) {
                Dictionary<String, Object> given = configured[0].getProperties();
                Collections.list(given.keys()).forEach(key -> properties.put(key, given.get(key)));
            }
        } catch (IOException | InvalidSyntaxException e) {
            LOGGER.warn("The configuration {} cannot be read.", Settings.PID, e);
        }
        properties.putAll(replaced);
        return Settings.of(properties, context::getProperty, LOGGER::warn);
    }

    /** Tells where the server listens; nothing where it does not. */
    public synchronized Optional<Status> status() {
        return running.map(Running::status);
    }

    /** Counts of requests; nothing where the server does not run. */
    public synchronized Optional<RequestStatistics> statistics() {
        return running.map(Running::statistics);
    }

    /** Returns the number of requests that run, and of those that wait. */
    public synchronized int[] queue() {
        return running.map(server -> new int[] {server.queue().running(), server.queue().waiting()}).orElse(new int[2]);
    }

    /** Runs an action when the server stops, before those that run are waited for; at once where it does not run. */
    public void onStop(Runnable action) {
        synchronized (this) {
            if (running.isPresent()) {
                running.get().onStop().add(action);
                return;
            }
        }
        action.run();
    }

    /** Takes back an action. */
    public synchronized void forget(Runnable action) {
        running.ifPresent(server -> server.onStop().remove(action));
    }

    /**
     * Starts the server.
     *
     * @throws ServerException when it runs already, may not listen there, or cannot
     */
    public synchronized Status start(Settings settings) throws ServerException {
        if (running.isPresent()) {
            throw new ServerException("the server listens already, at " + running.get().status().address() + "; stop it first");
        }
        check(settings);
        int port = Addresses.freePort(settings.host(), settings.port());
        List<ServiceRegistration<?>> services = new ArrayList<>();
        RequestQueue queue = new RequestQueue(settings.running(), settings.waiting());
        ServedModels models = new ServedModels(engine, settings);
        RequestStatistics statistics = new RequestStatistics();
        Configuration jetty = null;
        boolean started = false;
        try {
            // The gate first: nothing is served without it.
            services.add(context.registerService(Preprocessor.class, new Gate(settings, statistics), forOurListener(Map.of())));
            services.add(context.registerService(Admission.class, queue, null));
            services.add(context.registerService(Models.class, models, null));
            services.add(context.registerService(ServletContextHelper.class, new ContextOfBundle(), forOurListener(Map.of(
                    HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME, HttpContext.NAME,
                    HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_PATH, "/"))));
            removeForgotten();
            jetty = configurations.createFactoryConfiguration(JETTY, "?");
            jetty.update(JettySettings.of(settings, port, MARK));
            awaitListening(settings, port);
            Status status = new Status(settings, settings.address(port), System.currentTimeMillis());
            running = Optional.of(new Running(status, queue, models, statistics, new CopyOnWriteArrayList<>(), services, jetty));
            started = true;
            return status;
        } catch (IOException e) {
            throw new ServerException("the configuration of the server cannot be written: " + e.getMessage());
        } finally {
            if (!started) {
                end(services, jetty, models);
            }
        }
    }

    /**
     * Checks that the models of settings are there. {@link #start} does not: a bundle that brings one may come later.
     *
     * @throws ServerException where one is missing, or two would have the same name
     */
    public void checkModels(Settings settings) throws ServerException {
        try (ServedModels models = new ServedModels(engine, settings)) {
            Optional<String> fault = models.fault();
            if (fault.isPresent()) {
                throw new ServerException(fault.get());
            }
        }
    }

    private static void check(Settings settings) throws ServerException {
        if (settings.token().isEmpty() && !Addresses.isLoopback(settings.host())) {
            throw new ServerException("anybody who reaches " + Quoted.of(settings.host()) + " could use this server: give it a token, in"
                    + " the environment variable " + Settings.TOKEN_VARIABLE + " or with --token, or listen on 127.0.0.1 only");
        }
        if (settings.keyStore().isPresent()) {
            checkKeys(settings.keyStore().get(), settings.password());
        }
        if (settings.history().isPresent()) {
            makeFolder(settings.history().get());
        }
    }

    /** Jetty would report a key store that it cannot open by stack traces alone. */
    private static void checkKeys(Path keyStore, Optional<String> password) throws ServerException {
        char[] characters = password.orElse("").toCharArray();
        boolean holdsKey = false;
        try (InputStream in = Files.newInputStream(keyStore)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, characters);
            for (String alias : Collections.list(keys.aliases())) {
                holdsKey |= keys.getKey(alias, characters) != null;
            }
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw new ServerException("the key store " + Quoted.of(keyStore.toString())
                    + " cannot be read; name a PKCS12 file in the setting keyStore");
        } catch (IOException | GeneralSecurityException e) {
            throw new ServerException("the key store " + Quoted.of(keyStore.toString()) + " cannot be opened: either it is no PKCS12 file,"
                    + " or the setting keyStorePassword is not its password");
        }
        if (!holdsKey) {
            throw new ServerException("the key store " + Quoted.of(keyStore.toString())
                    + " holds no key; put one with its certificate into it");
        }
    }

    private static void makeFolder(Path history) throws ServerException {
        try {
            Files.createDirectories(history);
        } catch (IOException e) {
            throw new ServerException("the history cannot be kept in " + Quoted.of(history.toString()) + ", since there is no such folder"
                    + " and none can be made; name another with --history");
        }
        if (!Files.isWritable(history)) {
            throw new ServerException("the history cannot be kept in " + Quoted.of(history.toString()) + ", since that folder cannot be"
                    + " written to; name another with --history");
        }
    }

    /** Returns the properties of a service that no other listener of Felix HTTP shall take up. */
    private static Hashtable<String, Object> forOurListener(Map<String, String> properties) {
        Hashtable<String, Object> all = new Hashtable<>(properties);
        all.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_TARGET, "(" + MARK + "=true)");
        return all;
    }

    /** Configurations outlive a container that is killed. */
    private void removeForgotten() throws IOException {
        try {
            Configuration[] forgotten = configurations.listConfigurations("(&(service.factoryPid=" + JETTY + ")("
                    + JettySettings.RUNTIME_PREFIX + MARK + "=true))");
            for (Configuration each : forgotten == null ? new Configuration[0] : forgotten) {
                each.delete();
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until Felix HTTP listens, and has taken up all endpoints: an early client would be told that there are none. */
    private void awaitListening(Settings settings, int port) throws ServerException {
        ServiceTracker<HttpServiceRuntime, HttpServiceRuntime> tracker = new ServiceTracker<>(context, runtimes(), null);
        tracker.open();
        try {
            HttpServiceRuntime runtime = tracker.waitForService(START.toMillis());
            if (runtime == null) {
                throw new ServerException("Felix HTTP does not listen on port " + port + " of " + Quoted.of(settings.host())
                        + "; is the bundle org.apache.felix.http.jetty12 started? Its log says more, with --verbose");
            }
            long deadline = System.nanoTime() + ENDPOINTS.toNanos();
            for (String path : endpoints()) {
                while (runtime.calculateRequestInfoDTO(path).servletDTO == null && System.nanoTime() < deadline) {
                    Thread.sleep(1);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while the server started");
        } finally {
            tracker.close();
        }
    }

    /** Returns a path of each endpoint that is registered. */
    private List<String> endpoints() {
        try {
            List<String> paths = new ArrayList<>();
            for (ServiceReference<Servlet> servlet : context.getServiceReferences(Servlet.class,
                    "(" + HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT + "=" + MARKED + ")")) {
                Object patterns = servlet.getProperty(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN);
                String pattern = patterns instanceof String[] several ? several[0] : String.valueOf(patterns);
                paths.add(pattern.isEmpty() ? "/" : pattern.replace("*", ""));
            }
            return paths;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Filter runtimes() {
        try {
            return context.createFilter("(&(" + Constants.OBJECTCLASS + "=" + HttpServiceRuntime.class.getName() + ")(" + MARK + "=true))");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops the server where it runs: what runs has the time of grace to end, and is then told so. */
    @Deactivate
    public void stop() {
        Running server;
        synchronized (this) {
            if (running.isEmpty()) {
                return;
            }
            server = running.get();
            running = Optional.empty();
        }
        server.onStop().forEach(Runnable::run);
        server.queue().stop(server.status().settings().grace());
        // Their answers are still being written.
        server.statistics().awaitEnd(WRITING);
        end(server.services(), server.jetty(), server.models());
    }

    private void end(List<ServiceRegistration<?>> services, Configuration jetty, ServedModels models) {
        if (jetty != null) {
            ServiceTracker<Object, Object> tracker = new ServiceTracker<>(context, runtimes(), null);
            tracker.open();
            try {
                jetty.delete();
                // Else the endpoints would be there for some time without the gate.
                for (int i = 0; i < 500 && !tracker.isEmpty(); i++) {
                    Thread.sleep(10);
                }
            } catch (IOException | IllegalStateException e) {
                LOGGER.warn("The configuration of the server cannot be removed.", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                tracker.close();
            }
        }
        services.reversed().forEach(ServiceRegistration::unregister);
        models.close();
    }
}
