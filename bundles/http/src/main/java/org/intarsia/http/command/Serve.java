package org.intarsia.http.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.intarsia.http.server.HttpServer;
import org.intarsia.http.server.ServerException;
import org.intarsia.http.server.Settings;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.PlacementOptions;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Sizes;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Serves the engine over HTTP, until it is interrupted or, in the shell, until it is told to stop. */
@Component(service = Command.class)
@IntarsiaCommand("serve")
public final class Serve implements Command {
    private static final String WHAT = "WHAT";
    private static final int MOST_PORT = 65_535;

    private final HttpServer server;

    /** Begins nothing. */
    @Activate
    public Serve(@Reference HttpServer server) {
        this.server = server;
    }

    @Override
    public Syntax syntax() {
        return PlacementOptions.spread(Syntax.of("serve", "serves models over HTTP, with a page, until Ctrl-C")
                .optional(WHAT, "start, stop or status, for the shell: the server then runs beside it")
                .words(WHAT, "start", "stop", "status")
                .option("--port", "N", "the port to listen on; 8080 where not given, 0 for any that is free")
                .option("--host", "ADDRESS", "the address to listen on; 127.0.0.1 where not given, others need a token")
                .option("--token", "TOKEN", "what clients must send as Authorization: Bearer TOKEN; better given in the environment"
                        + " variable " + Settings.TOKEN_VARIABLE + ", which no list of processes shows")
                .repeated("--model", "NAME|DIR", "a model besides those that are installed; the first one is the default model")
                .repeated("--alias", "NAME=MODEL", "a name that clients send, and the model that is meant")
                .option("--history", "DIR", "a folder in which the page keeps pictures")
                .flag("--log", "log each request on standard error")
                .example("serve", "the page at http://127.0.0.1:8080, and OpenAI's API below /v1")
                .example("serve --port 9000 --alias my-model=picturebook", "another port, and a name that a client has built in")
                .example("serve start", "in the shell: it runs beside other commands, until serve stop"));
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException, ServerException {
        return switch (arguments.value(WHAT).orElse("")) {
            case "start" -> listening(start(arguments));
            case "stop" -> stop();
            case "status" -> server.status().map(Serve::listening).orElse(new Result(Map.of("listening", false), "the server does not run"));
            default -> serve(arguments, console);
        };
    }

    private Settings settings(Arguments arguments) throws UsageException {
        Map<String, Object> given = new HashMap<>();
        if (arguments.value("--port").isPresent()) {
            given.put("port", arguments.integer("--port", 0, 0, MOST_PORT));
        }
        arguments.value("--host").ifPresent(host -> given.put("host", host));
        Optional<String> token = arguments.value("--token");
        if (token.isPresent()) {
            if (token.get().isBlank()) {
                throw new UsageException("serve: --token is empty, so anybody could use the server: give a token, or leave it out");
            }
            given.put("token", token.get());
        }
        List<String> models = new ArrayList<>();
        for (String model : arguments.values("--model")) {
            Path directory = arguments.resolve("--model", model);
            // An installed model wins, as everywhere: the engine looks for it first.
            models.add(Files.exists(directory) ? directory.toAbsolutePath().toString() : model);
        }
        if (!models.isEmpty()) {
            given.put("models", String.join(",", models));
        }
        if (arguments.values("--alias").stream().anyMatch(alias -> alias.isBlank() || alias.startsWith("="))) {
            throw new UsageException("serve: --alias takes NAME=MODEL, or NAME alone for the default model; a name is missing");
        }
        if (!arguments.values("--alias").isEmpty()) {
            given.put("aliases", String.join(",", arguments.values("--alias")));
        }
        if (arguments.path("--history").isPresent()) {
            given.put("history", arguments.path("--history").get().toAbsolutePath().toString());
        }
        List<String> hosts = PlacementOptions.hosts(arguments);
        if (!hosts.isEmpty()) {
            given.put("layerHosts", String.join(",", hosts));
        }
        if (arguments.flag("--log")) {
            given.put("log", true);
        }
        return server.settings(given);
    }

    private HttpServer.Status start(Arguments arguments) throws UsageException, ServerException {
        Settings settings = settings(arguments);
        server.checkModels(settings);
        return server.start(settings);
    }

    private Result serve(Arguments arguments, Console console) throws UsageException, ServerException {
        HttpServer.Status status = start(arguments);
        console.out().println("listening at " + status.address());
        console.out().flush();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // Ctrl-C or SIGTERM: what runs is finished, which another one of these ends.
            server.stop();
        }
        return new Result(Map.of("address", status.address()), "stopped");
    }

    private Result stop() {
        Optional<HttpServer.Status> status = server.status();
        server.stop();
        return new Result(Map.of("listening", false), status.isPresent() ? "stopped" : "the server does not run");
    }

    private static Result listening(HttpServer.Status status) {
        long seconds = Instant.ofEpochMilli(status.since()).until(Instant.now(), ChronoUnit.SECONDS);
        return new Result(Map.of("listening", true, "address", status.address(), "seconds", seconds),
                "listening at " + status.address() + (seconds == 0 ? "" : ", for " + Sizes.counted((int) seconds, "second")));
    }
}
