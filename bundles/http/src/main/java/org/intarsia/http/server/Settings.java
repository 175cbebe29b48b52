package org.intarsia.http.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.intarsia.backend.configuration.ConfigurationReader;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The settings under the PID {@value #PID}.
 *
 * @param listen    whether the server starts by itself
 * @param host      the address that it listens on
 * @param port      the port; 0 for any that is free
 * @param token     what clients have to send as {@code Authorization: Bearer …}
 * @param keyStore  the keys for TLS
 * @param password  that of the key store
 * @param hosts     names in the header {@code Host} that are taken for this server beside those of loopback
 * @param origins   pages of these origins may send requests (CORS)
 * @param bodyBytes the most bytes of a request's body
 * @param running   how many requests the engine works on at once
 * @param waiting   how many may wait for that
 * @param idle      how long a connection may be silent
 * @param grace     how long running requests have when the server stops
 * @param aliases   names that clients send, and the models that are meant; empty for the default model
 * @param models    names or directories of further models; the first one is the default model
 * @param history   the folder in which the page keeps pictures
 * @param log       whether each request is logged
 * @param layerHosts addresses of hosts that compute some layers of all models
 */
public record Settings(boolean listen, String host, int port, Optional<String> token, Optional<Path> keyStore,
        Optional<String> password, List<String> hosts, List<String> origins, long bodyBytes, int running, int waiting,
        Duration idle, Duration grace, Map<String, String> aliases, List<String> models, Optional<Path> history, boolean log,
        List<String> layerHosts) {

    /** The PID of the configuration. */
    public static final String PID = "org.intarsia.http";
    /** Environment variable: the token. Unlike an argument, it is on no list of processes. */
    public static final String TOKEN_VARIABLE = "INTARSIA_TOKEN";
    private static final String PREFIX = "intarsia.http";

    private static final String USUAL_HOST = "127.0.0.1";
    private static final int USUAL_PORT = 8080;
    private static final double USUAL_BODY_MIB = 64;
    private static final int USUAL_RUNNING = 32;
    private static final int USUAL_WAITING = 256;
    private static final double USUAL_IDLE = 30;
    private static final double USUAL_GRACE = 30;
    private static final int MOST_PORT = 65_535;

    /** Names that clients have built in. */
    private static final List<String> USUAL_ALIASES = List.of("gpt-image-1", "gpt-image-1-mini", "dall-e-2", "dall-e-3",
            "gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini", "gpt-5", "gpt-5-mini", "gpt-3.5-turbo", "gpt-3.5-turbo-instruct");

    /** Describes the settings for tools; a method for each, by the name of its key. */
    @ObjectClassDefinition(name = "HTTP server", description = "serves the engine over HTTP")
    @interface Description {
        /** The start without a command. */
        @AttributeDefinition(required = false, description = "whether the server starts by itself")
        boolean listen() default false;

        /** The address. */
        @AttributeDefinition(required = false, description = "the address to listen on; others than loopback need a token")
        String host() default USUAL_HOST;

        /** The port. */
        @AttributeDefinition(required = false, description = "the port to listen on; 0 for any that is free")
        int port() default USUAL_PORT;

        /** The token. */
        @AttributeDefinition(required = false, description = "what clients send as Authorization: Bearer …")
        String token();

        /** The keys for TLS. */
        @AttributeDefinition(required = false, description = "a key store file (PKCS12); with it the server speaks TLS only")
        String keyStore();

        /** Its password. */
        @AttributeDefinition(required = false, description = "the password of the key store")
        String keyStorePassword();

        /** Names of this server. */
        @AttributeDefinition(required = false, description = "names of this server in the header Host beside those of loopback,"
                + " separated by commas")
        String hosts();

        /** Pages that may send requests. */
        @AttributeDefinition(required = false, description = "origins of pages that may send requests (CORS), separated by commas")
        String origins();

        /** The largest body. */
        @AttributeDefinition(required = false, description = "the most MiB of a request's body")
        double body() default USUAL_BODY_MIB;

        /** The most requests that run. */
        @AttributeDefinition(required = false, description = "how many requests the engine works on at once")
        int running() default USUAL_RUNNING;

        /** The most requests that wait. */
        @AttributeDefinition(required = false, description = "how many requests may wait; further ones are answered 429")
        int waiting() default USUAL_WAITING;

        /** The longest silence of a connection. */
        @AttributeDefinition(required = false, description = "how many seconds a connection may be silent")
        double idle() default USUAL_IDLE;

        /** The time of running requests when the server stops. */
        @AttributeDefinition(required = false, description = "how many seconds running requests have when the server stops")
        double grace() default USUAL_GRACE;

        /** Names that clients have built in. */
        @AttributeDefinition(required = false, description = "names that clients send for models: NAME=MODEL, separated by"
                + " commas; NAME alone is the default model")
        String aliases();

        /** Further models. */
        @AttributeDefinition(required = false, description = "names or directories of models, separated by commas; the first is"
                + " the default model")
        String models();

        /** The folder in which the page keeps pictures. */
        @AttributeDefinition(required = false, description = "a folder in which the page keeps pictures")
        String history();

        /** The log of requests. */
        @AttributeDefinition(required = false, description = "whether each request is logged")
        boolean log() default false;

        /** Hosts that compute some layers. */
        @AttributeDefinition(required = false, description = "addresses of hosts that compute some layers of all models, HOST or HOST:PORT,"
                + " separated by commas, or all")
        String layerHosts();
    }

    public Settings {
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
        aliases = Collections.unmodifiableMap(new LinkedHashMap<>(aliases));
        models = List.copyOf(models);
        layerHosts = List.copyOf(layerHosts);
    }

    /**
     * Reads settings.
     *
     * @param properties the configuration, over which the options of a command may stand
     * @param platform   looks a framework or system property up; null where it is not set
     * @param warning    takes a sentence about each wrong value
     */
    static Settings of(Map<String, ?> properties, UnaryOperator<String> platform, Consumer<String> warning) {
        ConfigurationReader reader = new ConfigurationReader(PID, PREFIX, Description.class, properties, platform, warning);
        Map<String, String> aliases = new LinkedHashMap<>();
        USUAL_ALIASES.forEach(alias -> aliases.put(alias, ""));
        for (String alias : reader.list("aliases")) {
            int equals = alias.indexOf('=');
            aliases.put(equals < 0 ? alias : alias.substring(0, equals).strip(), equals < 0 ? "" : alias.substring(equals + 1).strip());
        }
        return new Settings(reader.flag("listen").orElse(false), reader.text("host").orElse(USUAL_HOST),
                reader.integer("port", 0, MOST_PORT).orElse(USUAL_PORT),
                reader.text("token").or(() -> Optional.ofNullable(System.getenv("INTARSIA_TOKEN")).filter(text -> !text.isBlank())),
                reader.folder("keyStore"), reader.text("keyStorePassword"), reader.list("hosts"), reader.list("origins"),
                (long) (reader.number("body").orElse(USUAL_BODY_MIB) * (1 << 20)),
                reader.integer("running", 1, 100_000).orElse(USUAL_RUNNING),
                reader.integer("waiting", 0, 100_000).orElse(USUAL_WAITING),
                seconds(reader.number("idle").orElse(USUAL_IDLE)), seconds(reader.number("grace").orElse(USUAL_GRACE)),
                aliases, reader.list("models"), reader.folder("history"), reader.flag("log").orElse(false),
                reader.list("layerHosts"));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (1000 * seconds));
    }

    /** Returns the address as a browser has it. */
    String address(int boundPort) {
        return (keyStore.isPresent() ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + boundPort;
    }
}
