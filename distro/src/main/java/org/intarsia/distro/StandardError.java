package org.intarsia.distro;

import java.io.FileDescriptor;
import java.lang.reflect.Field;

/**
 * Puts standard error back. The JVM prints a notice about every incubator module while it starts; nobody can act on
 * it, and no option silences it. So the script starts the JVM with standard error discarded and the true one kept
 * under another number, which {@link FileDescriptor#err}, and with it {@link System#err}, takes over here.
 */
final class StandardError {
    /** System property: the number of the true standard error; not set where nothing was discarded. */
    private static final String KEPT = "intarsia.stderr";

    private StandardError() {
    }

    static void restore() {
        Integer kept = Integer.getInteger(KEPT);
        if (kept == null) {
            return;
        }
        try {
            // Calling dup2 through a foreign function would do the same, but takes 100 ms of every start.
            Field number = FileDescriptor.class.getDeclaredField("fd");
            number.setAccessible(true);
            number.setInt(FileDescriptor.err, kept);
        } catch (ReflectiveOperationException | RuntimeException e) {
            System.out.println("intarsia: cannot write to standard error on this JVM: " + e);
        }
    }
}
