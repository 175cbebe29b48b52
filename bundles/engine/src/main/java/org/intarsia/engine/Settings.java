package org.intarsia.engine;

import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.intarsia.backend.configuration.ConfigurationReader;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings under the PID {@value #PID}.
 *
 * @param patience how long a generation waits for the replacement of what it needs and what has left
 * @param grace    how long a generation keeps a component that has left
 */
record Settings(Duration patience, Duration grace) {
    static final String PID = "org.intarsia.engine";
    private static final String PREFIX = "intarsia.engine";
    private static final Logger LOGGER = LoggerFactory.getLogger(Settings.class);
    private static final double USUAL_PATIENCE = 10;
    private static final double USUAL_GRACE = 60;

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
    }

    /** @param platform looks a framework or system property up; null where it is not set */
    static Settings of(Map<String, ?> properties, UnaryOperator<String> platform) {
        ConfigurationReader reader = new ConfigurationReader(PID, PREFIX, Description.class, properties, platform, LOGGER::warn);
        return new Settings(seconds(reader.number("patience").orElse(USUAL_PATIENCE)),
                seconds(reader.number("grace").orElse(USUAL_GRACE)));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (1000 * seconds));
    }
}
