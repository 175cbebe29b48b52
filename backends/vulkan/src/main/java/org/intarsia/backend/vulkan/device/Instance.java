package org.intarsia.backend.vulkan.device;

import static org.lwjgl.vulkan.EXTDebugUtils.VK_EXT_DEBUG_UTILS_EXTENSION_NAME;
import static org.lwjgl.vulkan.EXTDebugUtils.vkCreateDebugUtilsMessengerEXT;
import static org.lwjgl.vulkan.EXTDebugUtils.vkDestroyDebugUtilsMessengerEXT;
import static org.lwjgl.vulkan.EXTValidationFeatures.VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT;
import static org.lwjgl.vulkan.KHRPortabilityEnumeration.VK_INSTANCE_CREATE_ENUMERATE_PORTABILITY_BIT_KHR;
import static org.lwjgl.vulkan.KHRPortabilityEnumeration.VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME;
import static org.lwjgl.vulkan.VK12.*;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.intarsia.backend.api.BackendException;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkApplicationInfo;
import org.lwjgl.vulkan.VkExtensionProperties;
import org.lwjgl.vulkan.VkInstance;
import org.lwjgl.vulkan.VkInstanceCreateInfo;
import org.lwjgl.vulkan.VkPhysicalDevice;
import org.lwjgl.vulkan.VkValidationFeaturesEXT;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to the Vulkan loader; devices lean on it, so it is closed after them. */
public final class Instance implements AutoCloseable {
    static final String NO_DRIVER = "the Vulkan loader found no driver; install one, for example mesa-vulkan-drivers";
    private static final Logger LOGGER = LoggerFactory.getLogger(Instance.class);

    private final Releases releases = new Releases();
    private final Validation validation;
    private final VkInstance handle;

    /**
     * @param validate whether the validation layer watches, where it is installed
     * @throws BackendException with what to install when there is no loader or no driver
     */
    public Instance(boolean validate) {
        Loader.require();
        boolean watched = validate && Validation.isInstalled();
        if (validate && !watched) {
            LOGGER.warn("validation is asked for, and {} is not there; install vulkan-validationlayers", Validation.LAYER);
        }
        try {
            validation = watched ? new Validation() : null;
            if (watched) {
                releases.add(validation::close);
            }
            handle = create();
            releases.add(() -> vkDestroyInstance(handle, null));
            if (watched) {
                listen();
            }
        } catch (RuntimeException e) {
            releases.close();
            throw e;
        }
    }

    private VkInstance create() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            Set<String> offered = extensions(stack);
            List<ByteBuffer> extensions = new ArrayList<>();
            VkInstanceCreateInfo info = VkInstanceCreateInfo.calloc(stack).sType$Default()
                    .pApplicationInfo(VkApplicationInfo.calloc(stack).sType$Default()
                            .pApplicationName(stack.UTF8("Intarsia")).apiVersion(VK_API_VERSION_1_2));
            // Drivers that sit on another interface, such as MoltenVK, are shown to those only who ask for them.
            if (offered.contains(VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME)) {
                extensions.add(stack.UTF8(VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME));
                info.flags(VK_INSTANCE_CREATE_ENUMERATE_PORTABILITY_BIT_KHR);
            }
            if (validation != null) {
                extensions.add(stack.UTF8(VK_EXT_DEBUG_UTILS_EXTENSION_NAME));
                info.ppEnabledLayerNames(stack.pointers(stack.UTF8(Validation.LAYER)));
                // The messenger in this chain hears of the instance's own beginning and end.
                info.pNext(validation.messenger(stack));
                info.pNext(VkValidationFeaturesEXT.calloc(stack).sType$Default().pEnabledValidationFeatures(
                        stack.ints(VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT)));
            }
            PointerBuffer names = stack.mallocPointer(extensions.size());
            extensions.forEach(names::put);
            info.ppEnabledExtensionNames(names.flip());
            PointerBuffer created = stack.mallocPointer(1);
            int result = vkCreateInstance(info, null, created);
            if (result == VK_ERROR_INCOMPATIBLE_DRIVER) {
                throw new BackendException(NO_DRIVER);
            }
            Results.check(result, "vkCreateInstance");
            return new VkInstance(created.get(0), info);
        }
    }

    private static Set<String> extensions(MemoryStack stack) {
        IntBuffer count = stack.mallocInt(1);
        Results.check(vkEnumerateInstanceExtensionProperties((ByteBuffer) null, count, null),
                "vkEnumerateInstanceExtensionProperties");
        try (VkExtensionProperties.Buffer found = VkExtensionProperties.malloc(count.get(0))) {
            Results.check(vkEnumerateInstanceExtensionProperties((ByteBuffer) null, count, found),
                    "vkEnumerateInstanceExtensionProperties");
            return found.stream().map(VkExtensionProperties::extensionNameString).collect(Collectors.toSet());
        }
    }

    private void listen() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            LongBuffer created = stack.mallocLong(1);
            Results.check(vkCreateDebugUtilsMessengerEXT(handle, validation.messenger(stack), null, created),
                    "vkCreateDebugUtilsMessengerEXT");
            long messenger = created.get(0);
            releases.add(() -> vkDestroyDebugUtilsMessengerEXT(handle, messenger, null));
        }
    }

    public VkInstance handle() {
        return handle;
    }

    /** What the validation layer has reported until now. */
    public List<String> validationMessages() {
        return validation == null ? List.of() : validation.messages();
    }

    /** All devices of all drivers, in the loader's order. */
    List<VkPhysicalDevice> devices() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            Results.check(vkEnumeratePhysicalDevices(handle, count, null), "vkEnumeratePhysicalDevices");
            if (count.get(0) == 0) {
                return List.of();
            }
            PointerBuffer found = stack.mallocPointer(count.get(0));
            Results.check(vkEnumeratePhysicalDevices(handle, count, found), "vkEnumeratePhysicalDevices");
            List<VkPhysicalDevice> devices = new ArrayList<>();
            for (int i = 0; i < count.get(0); i++) {
                devices.add(new VkPhysicalDevice(found.get(i), handle));
            }
            return devices;
        }
    }

    /** Closing twice is harmless. */
    @Override
    public void close() {
        releases.close();
    }
}
