package org.intarsia.remote.command;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.intarsia.remote.hosts.HostRegistry;
import org.intarsia.remote.hosts.RemoteSettings;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.PlacementOptions;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Lets other hosts reach this one, until it is interrupted or, in the shell, until it is told to stop. */
@Component(service = Command.class)
@IntarsiaCommand(HostsServe.NAME)
public final class HostsServe implements Command {
    static final String NAME = Hosts.NAME + " serve";
    private static final String WHAT = "WHAT";
    private static final String MODEL = PlacementOptions.MODEL;
    private static final int MOST_PORT = 65_535;

    private final HostRegistry registry;

    @Activate
    public HostsServe(@Reference HostRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(NAME, "lets other machines that run Intarsia reach this one, until Ctrl-C")
                .optional(WHAT, "start, stop or status, for the shell: it then listens beside other commands")
                .words(WHAT, "start", "stop", "status")
                .option("--port", "N", "the port to listen on; 7420 where not given, 0 for any that is free")
                .option("--host", "ADDRESS", "the address to listen on; 127.0.0.1 where not given")
                .repeated(MODEL, "DIR", "a model directory or GGUF file whose layers other hosts may have computed here, beside the installed"
                        + " models; the setting models where not given")
                .values(MODEL, Syntax.Kind.FILE)
                .example("hosts serve --host 10.0.0.1", "certificates or a token are set in org.intarsia.remote.cfg")
                .example("hosts serve start", "in the shell: it listens until hosts serve stop");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        return switch (arguments.value(WHAT).orElse("")) {
            case "start" -> listening(registry.listen(settings(arguments)));
            case "stop" -> stop();
            case "status" -> registry.address().map(HostsServe::listening)
                    .orElse(new Result(Map.of("listening", false), "this host does not listen"));
            default -> serve(arguments, console);
        };
    }

    private RemoteSettings settings(Arguments arguments) throws UsageException {
        Map<String, Object> given = new HashMap<>();
        if (arguments.value("--port").isPresent()) {
            given.put("port", arguments.integer("--port", 0, 0, MOST_PORT));
        }
        arguments.value("--host").ifPresent(host -> given.put("host", host));
        List<String> models = arguments.paths(MODEL).stream().map(path -> path.toAbsolutePath().toString()).toList();
        if (!models.isEmpty()) {
            given.put("models", String.join(",", models));
        }
        return registry.settings(given);
    }

    private Result serve(Arguments arguments, Console console) throws UsageException {
        String address = registry.listen(settings(arguments));
        console.out().println("listening at " + address);
        console.out().flush();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // Ctrl-C or SIGTERM.
            registry.stopListening();
        }
        return new Result(Map.of("address", address), "stopped");
    }

    private Result stop() {
        Optional<String> address = registry.address();
        registry.stopListening();
        return new Result(Map.of("listening", false), address.isPresent() ? "stopped" : "this host does not listen");
    }

    private static Result listening(String address) {
        return new Result(Map.of("listening", true, "address", address), "listening at " + address);
    }
}
