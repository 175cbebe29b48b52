package org.intarsia.backend.vulkan.device;

import static org.lwjgl.vulkan.VK10.VK_VERSION_MAJOR;
import static org.lwjgl.vulkan.VK10.VK_VERSION_MINOR;
import static org.lwjgl.vulkan.VK10.VK_VERSION_PATCH;

/** Packed version numbers as people read them. */
final class Versions {
    private Versions() {
    }

    static String text(int packed) {
        return VK_VERSION_MAJOR(packed) + "." + VK_VERSION_MINOR(packed) + "." + VK_VERSION_PATCH(packed);
    }
}
