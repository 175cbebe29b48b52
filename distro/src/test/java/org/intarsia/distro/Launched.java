package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/** What tests need that call {@code distro/intarsia} as a user does, in a folder of their own. */
abstract class Launched {
    static final long PATIENCE_SECONDS = 120;
    private static final Path SCRIPT = Path.of("intarsia").toAbsolutePath();

    @TempDir
    Path folder;

    /** How a call ended. */
    record Call(int status, String out, String err) {
    }

    /** Options that the JVM of every later call has besides. */
    String options = "";

    Call call(String... words) throws IOException, InterruptedException {
        return end(start(words));
    }

    Process start(String... words) throws IOException {
        Process process = open(words);
        process.getOutputStream().close();
        return process;
    }

    Process open(String... words) throws IOException {
        return prepared(words).start();
    }

    /** A call that is not made yet, and whose streams can still be led elsewhere. */
    ProcessBuilder prepared(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(Arrays.asList(words));
        return prepared(command);
    }

    /** The same with another script. */
    ProcessBuilder prepared(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("INTARSIA_BUILD", "never");
        builder.environment().put("INTARSIA_DEPLOY", folder.resolve("deploy").toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("INTARSIA_JAVA_OPTS", "-Djava.io.tmpdir=" + Files.createDirectories(temporary())
                + options);
        return builder;
    }

    Path temporary() {
        return folder.resolve("tmp");
    }

    static Call end(Process process) throws IOException, InterruptedException {
        // No command here writes more than a pipe holds, so the two streams can be read one after the other.
        String out = new String(process.getInputStream().readAllBytes());
        String err = new String(process.getErrorStream().readAllBytes());
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Call(process.exitValue(), out, err);
    }
}
