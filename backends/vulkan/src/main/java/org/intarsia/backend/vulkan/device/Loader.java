package org.intarsia.backend.vulkan.device;

import static org.lwjgl.vulkan.VK12.VK_API_VERSION_1_2;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.intarsia.backend.api.BackendException;
import org.lwjgl.system.Configuration;
import org.lwjgl.vulkan.VK;

/**
 * The system's Vulkan loader, opened once for the process. It stays open when this bundle leaves: it belongs to LWJGL's
 * bundle, which stays, too, and the next backend finds it there.
 */
final class Loader {
    static final String MISSING = "no Vulkan loader was found; install libvulkan1 (on Debian and its like) or vulkan-loader";

    private Loader() {
    }

    /** @throws BackendException with what to install when there is no loader, or an old one */
    static synchronized void require() {
        // Otherwise the class VK opens the loader in its initialiser, and is unusable for good where that fails.
        Configuration.VULKAN_EXPLICIT_INIT.set(true);
        if (!Configuration.DEBUG.get(false)) {
            // LWJGL prints advice of its own for each name that it tries; ours is one sentence, and names the package.
            Configuration.DEBUG_STREAM.set(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        }
        if (!isOpen()) {
            try {
                VK.create();
            } catch (UnsatisfiedLinkError e) {
                throw new BackendException(MISSING, e);
            }
        }
        int version = VK.getInstanceVersionSupported();
        if (Integer.compareUnsigned(version, VK_API_VERSION_1_2) < 0) {
            throw new BackendException("the Vulkan loader is of version " + Versions.text(version)
                    + " and 1.2 is needed; update libvulkan1 or vulkan-loader");
        }
    }

    /** An earlier copy of this class may have opened it, before the bundle was updated; LWJGL tells only in this way. */
    private static boolean isOpen() {
        try {
            return VK.getFunctionProvider() != null;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
