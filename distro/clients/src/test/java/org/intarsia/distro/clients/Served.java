package org.intarsia.distro.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A server of the shipped model, {@code distro/intarsia serve}, for the tests of one client. */
abstract class Served {
    static final String PROMPT = "a red star left of a blue house";
    static final String CHANGE = "make the star green";
    static final String KEY = "unused";
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};
    private static final String LISTENING = "listening at ";

    @TempDir
    static Path folder;
    /** The base address of the API. */
    static String url;
    private static Process process;

    @BeforeAll
    static void serve() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(System.getProperty("intarsia.script"), "serve", "--port", "0")
                .directory(folder.toFile()).redirectError(folder.resolve("errors").toFile());
        builder.environment().put("INTARSIA_BUILD", "never");
        builder.environment().put("INTARSIA_DEPLOY", folder.resolve("deploy").toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("INTARSIA_JAVA_OPTS",
                "-Dintarsia.engine.patience=1 -Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")));
        process = builder.start();
        BufferedReader out = process.inputReader();
        String line = out.readLine();
        while (line != null && !line.startsWith(LISTENING)) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("the server did not start: " + Files.readString(folder.resolve("errors")));
        }
        url = line.substring(LISTENING.length()).split("[ ,]")[0].replaceAll("/$", "") + "/v1";
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the server did not stop");
            }
        }
    }

    /** The picture of the README, in base64: a red star left of a blue house. */
    static String star() throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of("../doc/star.png")));
    }

    static boolean isPng(String base64) {
        byte[] file = Base64.getDecoder().decode(base64);
        return file.length > PNG.length && Arrays.equals(PNG, Arrays.copyOf(file, PNG.length));
    }
}
