package org.intarsia.backend.cpu;

import java.util.Map;
import java.util.function.Consumer;
import org.intarsia.backend.configuration.ConfigurationReader;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The settings under the PID {@value CpuBackend#PID}.
 *
 * @param readahead   weights that take more than this share of the machine's memory are read ahead; 0 for always
 * @param packed      weights of few bits are packed while those of a plan take at most this share of the machine's memory
 * @param machinecode whether machine code multiplies, where the processor can run it
 */
record Settings(double readahead, double packed, boolean machinecode) {
    private static final String PREFIX = "intarsia.cpu";
    private static final double USUAL_READAHEAD = 0.5;
    private static final double USUAL_PACKED = 0.5;

    /** Describes the settings for tools; a method for each, by the name of its key. */
    @ObjectClassDefinition(name = "CPU backend", description = "computes on the host's processors")
    @interface Description {
        /** The share of memory from which weights are read ahead. */
        @AttributeDefinition(required = false, description = "mapped weights that take more than this share of the machine's"
                + " memory are read ahead of the steps that need them; 0 for always")
        double readahead() default USUAL_READAHEAD;

        /** The share of memory that packed weights may take. */
        @AttributeDefinition(required = false, description = "with fast precision, weights of few bits are packed into memory"
                + " while those of a model take at most this share of the machine's; 0 for never")
        double packed() default USUAL_PACKED;

        /** Machine code is used where the processor can run it. */
        @AttributeDefinition(required = false, description = "machine code that is made for the processor multiplies few rows with"
                + " weights in BF16 and F16, and with fast precision quantised weights, where it has AVX2; without it such products"
                + " are exact")
        boolean machinecode() default true;
    }

    /** @param warning takes a sentence about each wrong value and each unknown key */
    static Settings of(Map<String, ?> properties, Consumer<String> warning) {
        ConfigurationReader reader = new ConfigurationReader(CpuBackend.PID, PREFIX, Description.class, properties, warning);
        return new Settings(reader.number("readahead").orElse(USUAL_READAHEAD), reader.number("packed").orElse(USUAL_PACKED),
                reader.flag("machinecode").orElse(true));
    }
}
