package org.intarsia.engine.registry;

import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.intarsia.backend.configuration.ConfigurationReader;
import org.intarsia.engine.scheduler.SchedulerLimits;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings under the PID {@value #PID}.
 *
 * @param patience how long a generation waits for the replacement of what it needs and what has left
 * @param grace    how long a generation keeps a component that has left
 * @param limits   how much each model takes on at once
 */
public record Settings(Duration patience, Duration grace, SchedulerLimits limits) {
    static final String PID = "org.intarsia.engine";
    private static final String PREFIX = "intarsia.engine";
    private static final Logger LOGGER = LoggerFactory.getLogger(Settings.class);
    private static final double USUAL_PATIENCE = 10;
    private static final double USUAL_GRACE = 60;
    private static final int USUAL_ROWS = 256;
    private static final int USUAL_TOKENS = 512;
    private static final int USUAL_WAITING = 1024;
    private static final int USUAL_CACHE = 4096;

    /** Describes the settings for tools; a method for each, by the name of its key. */
    @ObjectClassDefinition(name = "Engine", description = "opens models and runs generations")
    @interface Description {
        /** The time that a generation waits. */
        @AttributeDefinition(required = false, description = "how many seconds a generation waits for the replacement of a"
                + " backend or component that has left")
        double patience() default USUAL_PATIENCE;

        /** The time for which a generation keeps a component that has left. */
        @AttributeDefinition(required = false,
                description = "how many seconds a generation keeps a component that has left and still works")
        double grace() default USUAL_GRACE;

        /** Token streams that run together. */
        @AttributeDefinition(required = false, min = "1",
                description = "how many token streams of a model run together; a picture with guidance has two or three")
        int rows() default USUAL_ROWS;

        /** Tokens of one step. */
        @AttributeDefinition(required = false, min = "1", max = "512",
                description = "how many tokens one step of a model reads at most, prompts included")
        int tokens() default USUAL_TOKENS;

        /** Generations that wait. */
        @AttributeDefinition(required = false, min = "0",
                description = "how many generations of a model may wait for others to end; one more is refused")
        int waiting() default USUAL_WAITING;

        /** Memory for keys and values. */
        @AttributeDefinition(required = false, min = "0",
                description = "MiB that a model may take for keys and values; a single stream that needs more gets it")
        int cache() default USUAL_CACHE;
    }

    /** @param platform looks a framework or system property up; null where it is not set */
    static Settings of(Map<String, ?> properties, UnaryOperator<String> platform) {
        ConfigurationReader reader = new ConfigurationReader(PID, PREFIX, Description.class, properties, platform, LOGGER::warn);
        return new Settings(seconds(reader.number("patience").orElse(USUAL_PATIENCE)),
                seconds(reader.number("grace").orElse(USUAL_GRACE)),
                new SchedulerLimits(reader.integer("rows", 1, 65_536).orElse(USUAL_ROWS), reader.integer("tokens", 1, 512).orElse(USUAL_TOKENS),
                        reader.integer("waiting", 0, 1_000_000).orElse(USUAL_WAITING),
                        (long) reader.integer("cache", 0, Integer.MAX_VALUE).orElse(USUAL_CACHE) << 20));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (1000 * seconds));
    }
}
