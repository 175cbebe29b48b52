package org.intarsia.backend.vulkan;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.intarsia.backend.configuration.ConfigurationReader;
import org.intarsia.backend.gpu.KernelCache;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The settings under the PID {@value VulkanBackend#PID}; {@link Description} says what each means.
 *
 * @param device     empty for the best
 * @param cache      the folder of compiled kernels
 * @param validation whether the validation layer watches
 * @param subgroups  whether kernels may use subgroup operations
 * @param cooperativeMatrices empty where the device decides
 * @param integerDotProducts  empty where the device decides
 */
record Settings(String device, Path cache, boolean validation, boolean subgroups,
        Optional<Boolean> cooperativeMatrices, Optional<Boolean> integerDotProducts) {
    private static final String PREFIX = "intarsia.vulkan";

    /** Describes the settings for tools; a method for each, by the name of its key. */
    @ObjectClassDefinition(name = "Vulkan backend", description = "computes on graphics hardware, by Vulkan")
    @interface Description {
        /** The device to put first. */
        @AttributeDefinition(required = false, description = "the name of the device to put first; the best one where not set")
        String device();

        /** The folder of compiled kernels. */
        @AttributeDefinition(required = false,
                description = "the folder that keeps compiled kernels; intarsia/vulkan in the user's cache folder where not set")
        String cache();

        /** Loads the validation layer. */
        @AttributeDefinition(required = false, description = "true has the validation layer watch, and logs what it reports")
        boolean validation() default false;

        /** Allows subgroup operations. */
        @AttributeDefinition(required = false,
                description = "false keeps kernels from subgroup operations, for a driver that does them wrongly")
        boolean subgroups() default true;

        /** Allows cooperative matrices in products. */
        @AttributeDefinition(required = false, description = "whether products use cooperative matrices where the device has"
                + " them; where not set, when the device does not compute on the processor")
        boolean cooperativeMatrices();

        /** Allows the instruction for products of four bytes. */
        @AttributeDefinition(required = false, description = "whether kernels use the instruction for products of four bytes"
                + " where the device has it; where not set, when it is no slower than others")
        boolean integerDotProducts();
    }

    /** @param warning takes a sentence about each wrong value and each unknown key */
    static Settings of(Map<String, ?> properties, Consumer<String> warning) {
        ConfigurationReader reader = new ConfigurationReader(VulkanBackend.PID, PREFIX, Description.class, properties, warning);
        return new Settings(reader.text("device").orElse(""),
                reader.folder("cache").orElseGet(() -> KernelCache.userFolder(VulkanBackend.NAME)),
                reader.flag("validation").orElse(false), reader.flag("subgroups").orElse(true),
                reader.flag("cooperativeMatrices"), reader.flag("integerDotProducts"));
    }

    Settings withoutSubgroups() {
        return new Settings(device, cache, validation, false, cooperativeMatrices, integerDotProducts);
    }

    Settings withoutCooperativeMatrices() {
        return new Settings(device, cache, validation, subgroups, Optional.of(false), integerDotProducts);
    }
}
