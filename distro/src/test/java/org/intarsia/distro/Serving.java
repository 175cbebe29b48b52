package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** {@code distro/intarsia serve} as a process, on a free port. */
final class Serving implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening at https?://127\\.0\\.0\\.1:(\\d+)");
    private static final String BODY = "\r\n\r\n";

    private final Process process;
    private final BufferedReader out;
    private final Path errors;
    private final int port;

    /**
     * Starts a server, and waits until it listens.
     *
     * @param builder a call of {@code serve --port 0}
     */
    Serving(ProcessBuilder builder, Path errors) throws IOException {
        this.errors = errors;
        process = builder.redirectError(errors.toFile()).start();
        out = process.inputReader();
        String line = out.readLine();
        assertThat(line).as(Files.readString(errors)).matches(LISTENING);
        port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }

    Raw.Reply ask(String request) throws IOException {
        return Raw.ask(port, request);
    }

    boolean isHealthy() throws IOException {
        return ask(Raw.get("/health")).status() == 200;
    }

    /** The metrics without labels. */
    Map<String, Double> metrics() throws IOException {
        Raw.Reply reply = ask(Raw.get("/metrics", "Connection: close\r\n"));
        Map<String, Double> metrics = new LinkedHashMap<>();
        reply.text().substring(reply.text().indexOf(BODY) + BODY.length()).lines()
                .filter(line -> !line.startsWith("#") && !line.contains("{")).map(line -> line.split(" "))
                .filter(words -> words.length == 2).forEach(words -> metrics.put(words[0], Double.valueOf(words[1])));
        return metrics;
    }

    /** Ends it as services are ended, and gives its status. */
    int terminate() throws InterruptedException {
        // Process.destroy would close what it still writes to.
        process.toHandle().destroy();
        assertThat(process.waitFor(Launched.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        out.close();
    }
}
