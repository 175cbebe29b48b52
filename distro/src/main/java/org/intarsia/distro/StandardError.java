package org.intarsia.distro;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;

/**
 * Puts standard error back. The JVM prints a notice about every incubator module while it starts; nobody can act on
 * it, and no option silences it. So the script starts the JVM with a standard error that leaves the notice out until the
 * JVM has started, and with the true one kept under another number, which {@link FileDescriptor#err}, and with it {@link System#err}, takes over here.
 */
final class StandardError {
    /** System property: the number of the true standard error; not set where nothing is left out. */
    private static final String KEPT = "intarsia.stderr";

    /** The line that the script waits for; every line before says why the JVM does not start. */
    private static final String MARK = "intarsia started\n";

    private StandardError() {
    }

    static void restore() {
        Integer kept = Integer.getInteger(KEPT);
        if (kept == null) {
            return;
        }
        try {
            // Ends the filter in the script, whose end of the pipe is then closed.
            new FileOutputStream(FileDescriptor.err).write(MARK.getBytes(StandardCharsets.US_ASCII));
            // Calling dup2 through a foreign function would do the same, but takes 100 ms of every start.
            Field number = FileDescriptor.class.getDeclaredField("fd");
            number.setAccessible(true);
            number.setInt(FileDescriptor.err, kept);
        } catch (IOException | ReflectiveOperationException | RuntimeException e) {
            System.out.println("intarsia: cannot write to standard error on this JVM: " + e);
        }
    }
}
