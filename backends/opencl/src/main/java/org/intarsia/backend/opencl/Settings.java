package org.intarsia.backend.opencl;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.intarsia.backend.configuration.ConfigurationReader;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The settings under the PID {@value OpenClBackend#PID}; {@link Description} says what each means.
 *
 * @param device    empty for the best
 * @param cache     the folder of compiled kernels; empty for the user's, where the driver keeps none itself
 * @param profile   whether each kernel is timed
 * @param subgroups whether kernels may use subgroup operations
 * @param integerDotProducts empty where the device decides
 */
record Settings(String device, Optional<Path> cache, boolean profile, boolean subgroups, Optional<Boolean> integerDotProducts) {
    private static final String PREFIX = "intarsia.opencl";

    /** Describes the settings for tools; a method for each, by the name of its key. */
    @ObjectClassDefinition(name = "OpenCL backend", description = "computes on whatever offers OpenCL")
    @interface Description {
        /** The device to put first. */
        @AttributeDefinition(required = false,
                description = "the name of the device to put first, or a part of its description; the best one where not set")
        String device();

        /** The folder of compiled kernels. */
        @AttributeDefinition(required = false,
                description = "the folder that keeps compiled kernels; intarsia/opencl in the user's cache folder where not set,"
                        + " or none where the driver keeps them itself (PoCL)")
        String cache();

        /** Times kernels. */
        @AttributeDefinition(required = false,
                description = "true times each kernel, and logs the times at level info when a plan is closed")
        boolean profile() default false;

        /** Allows subgroup operations. */
        @AttributeDefinition(required = false,
                description = "false keeps kernels from subgroup operations, for a driver that does them wrongly")
        boolean subgroups() default true;

        /** Allows the instruction for products of four bytes. */
        @AttributeDefinition(required = false, description = "whether kernels use the instruction for products of four bytes"
                + " where the device has it; where not set, when it is no slower than others")
        boolean integerDotProducts();
    }

    /** @param warning takes a sentence about each wrong value and each unknown key */
    static Settings of(Map<String, ?> properties, Consumer<String> warning) {
        ConfigurationReader reader = new ConfigurationReader(OpenClBackend.PID, PREFIX, Description.class, properties, warning);
        return new Settings(reader.text("device").orElse(""), reader.folder("cache"), reader.flag("profile").orElse(false),
                reader.flag("subgroups").orElse(true), reader.flag("integerDotProducts"));
    }
}
