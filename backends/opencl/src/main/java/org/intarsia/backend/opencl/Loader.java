package org.intarsia.backend.opencl;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.lwjgl.opencl.CL;
import org.lwjgl.system.Configuration;
import org.lwjgl.system.Library;
import org.lwjgl.system.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OpenCL loader of the system, loaded while somebody uses it. Unloading it matters: the next version of this bundle
 * must find LWJGL as this one found it.
 */
final class Loader {
    private static final Logger LOG = LoggerFactory.getLogger(Loader.class);

    private static int users;

    private Loader() {
    }

    /**
     * Loads it, or counts one more user.
     *
     * @return what is missing and what mends it, in one sentence; empty when it is there, and then it must be released
     */
    static synchronized String acquire() {
        if (users == 0) {
            String missing = load();
            if (!missing.isEmpty()) {
                return missing;
            }
        }
        users++;
        return "";
    }

    static synchronized void release() {
        if (--users == 0) {
            CL.destroy();
        }
    }

    private static String load() {
        // Otherwise LWJGL loads it by itself, and fails for good where it is not found the first time.
        Configuration.OPENCL_EXPLICIT_INIT.set(true);
        if (!Configuration.DEBUG.get(false)) {
            // LWJGL prints advice of its own for each name that it tries; ours is one sentence, and names the package.
            Configuration.DEBUG_STREAM.set(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        }
        try {
            Library.initialize();
        } catch (UnsatisfiedLinkError e) {
            return "LWJGL cannot be loaded on " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + " ("
                    + e.getMessage() + "); use another backend";
        }
        try {
            create();
            return "";
        } catch (UnsatisfiedLinkError e) {
            return "no OpenCL loader was found; " + switch (Platform.get()) {
                case LINUX, FREEBSD -> "install one, for example with: apt install ocl-icd-libopencl1";
                case WINDOWS -> "install the driver of the graphics card, which brings OpenCL.dll";
                case MACOSX -> "this macOS has no OpenCL framework; use another backend";
            };
        }
    }

    private static void create() {
        // The name without a version, which LWJGL looks for, is only there where programs are developed.
        if (Platform.get() == Platform.LINUX && Configuration.OPENCL_LIBRARY_NAME.get() == null) {
            try {
                CL.create("libOpenCL.so.1");
                return;
            } catch (UnsatisfiedLinkError e) {
                LOG.debug("there is no libOpenCL.so.1, looking for libOpenCL.so", e);
            }
        }
        CL.create();
    }
}
