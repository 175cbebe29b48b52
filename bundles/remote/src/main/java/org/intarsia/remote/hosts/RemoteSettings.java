package org.intarsia.remote.hosts;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.intarsia.backend.configuration.ConfigurationReader;
import org.intarsia.graph.Encoding;
import org.intarsia.remote.wire.HostAddress;
import org.intarsia.remote.wire.WireLimits;
import org.intarsia.remote.wire.WireSecurity;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The settings of hosts.
 *
 * @param name      what this host is called
 * @param host      the address to listen on
 * @param port      the port to listen on; 0 for any that is free
 * @param hosts     addresses of hosts that are known from the start
 * @param heartbeat how long after an answer a host is asked again
 * @param security  who may connect
 * @param limits    how long a host may be silent, and how large a frame may be
 * @param models    models that other hosts may compute with, beside the installed ones
 * @param activations how the residual stream is sent from layers on one host to those on the next: F32 or BF16
 */
public record RemoteSettings(String name, String host, int port, List<String> hosts, Duration heartbeat, WireSecurity security,
        WireLimits limits, List<String> models, Encoding activations) {
    /** The PID of the configuration. */
    public static final String PID = "org.intarsia.remote";
    private static final String PREFIX = "intarsia.remote";

    private static final String USUAL_HOST = "127.0.0.1";
    private static final double USUAL_HEARTBEAT = 2;
    private static final double USUAL_SILENCE = 10;
    private static final int USUAL_FRAME = 64;
    private static final int MOST_FRAME = 1024;
    private static final int MOST_PORT = 65_535;
    private static final int LEAST_MILLIS = 10;
    private static final List<String> ACTIVATIONS = List.of("f32", "bf16");

    /** Describes the settings for tools; a method for each, by the name of its key. */
    @ObjectClassDefinition(name = "Hosts", description = "other machines that run Intarsia")
    @interface Description {
        /** The name. */
        @AttributeDefinition(required = false, description = "what this host is called; the machine's name where not given")
        String name();

        /** The address. */
        @AttributeDefinition(required = false, description = "the address that hosts serve listens on")
        String host() default USUAL_HOST;

        /** The port. */
        @AttributeDefinition(required = false, description = "the port that hosts serve listens on; 0 for any that is free")
        int port() default HostAddress.USUAL_PORT;

        /** Hosts that are known from the start. */
        @AttributeDefinition(required = false, description = "addresses of other hosts, HOST or HOST:PORT, separated by commas")
        String hosts();

        /** The certificate. */
        @AttributeDefinition(required = false, description = "a PEM file: the certificates that this host shows")
        String certificate();

        /** Its key. */
        @AttributeDefinition(required = false, description = "a PEM file: the private key of the certificate, PKCS #8")
        String key();

        /** The authority. */
        @AttributeDefinition(required = false, description = "a PEM file: the authority whose certificates are accepted")
        String authority();

        /** The token. */
        @AttributeDefinition(required = false, description = "what hosts send to each other over TLS in place of a certificate")
        String token();

        /** No TLS. */
        @AttributeDefinition(required = false, description = "whether nothing is encrypted, on loopback alone")
        boolean plain() default false;

        /** The time between two questions. */
        @AttributeDefinition(required = false, description = "seconds from a host's answer to the next question")
        double heartbeat() default USUAL_HEARTBEAT;

        /** The longest silence. */
        @AttributeDefinition(required = false, description = "seconds without an answer after which a call fails and a host is lost")
        double silence() default USUAL_SILENCE;

        /** The largest frame. */
        @AttributeDefinition(required = false, description = "the most MiB of a tensor frame; the same on all hosts")
        int frame() default USUAL_FRAME;

        /** More models. */
        @AttributeDefinition(required = false, description = "directories and GGUF files that other hosts may compute with, separated by"
                + " commas; installed models they may always")
        String models();

        /** The encoding of what is sent. */
        @AttributeDefinition(required = false, description = "how activations are sent to other hosts: f32, with the bits of one host, or"
                + " bf16, in half as many bytes")
        String activations() default "f32";
    }

    public RemoteSettings {
        hosts = List.copyOf(hosts);
        models = List.copyOf(models);
    }

    /**
     * Reads settings.
     *
     * @param properties the configuration, over which the options of a command may stand
     * @param platform   looks a framework or system property up; null where it is not set
     * @param warning    takes a sentence about each wrong value
     */
    public static RemoteSettings of(Map<String, ?> properties, UnaryOperator<String> platform, Consumer<String> warning) {
        ConfigurationReader reader = new ConfigurationReader(PID, PREFIX, Description.class, properties, platform, warning);
        WireSecurity security = new WireSecurity(reader.flag("plain").orElse(false), reader.folder("certificate"),
                reader.folder("key"), reader.folder("authority"),
                // Unlike a property, an environment variable is on no list of processes.
                reader.text("token").or(() -> Optional.ofNullable(System.getenv("INTARSIA_REMOTE_TOKEN")).filter(text -> !text.isBlank())));
        return new RemoteSettings(reader.text("name").orElseGet(RemoteSettings::machine), reader.text("host").orElse(USUAL_HOST),
                reader.integer("port", 0, MOST_PORT).orElse(HostAddress.USUAL_PORT),
                reader.list("hosts"),
                duration(reader.number("heartbeat").orElse(USUAL_HEARTBEAT)), security,
                new WireLimits(duration(reader.number("silence").orElse(USUAL_SILENCE)),
                        reader.integer("frame", 1, MOST_FRAME).orElse(USUAL_FRAME) << 20),
                reader.list("models"),
                reader.word("activations", ACTIVATIONS).map(word -> Encoding.valueOf(word.toUpperCase(Locale.ROOT))).orElse(Encoding.F32));
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis(Math.max(LEAST_MILLIS, (long) (1000 * seconds)));
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine need not know its own name.
            return "unnamed";
        }
    }
}
