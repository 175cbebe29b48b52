package org.intarsia.remote.command;

import java.util.Map;
import org.intarsia.remote.hosts.HostRegistry;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Forgets a host that was added. */
@Component(service = Command.class)
@IntarsiaCommand(HostsRemove.NAME)
public final class HostsRemove implements Command {
    static final String NAME = Hosts.NAME + " remove";
    private static final String ADDRESS = "ADDRESS";

    private final HostRegistry registry;

    @Activate
    public HostsRemove(@Reference HostRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(NAME, "forgets a machine that was added, and closes the connection")
                .required(ADDRESS, "as hosts lists it")
                .example("hosts remove 10.0.0.2:7420", "in the shell, after hosts add");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        registry.remove(arguments.text(ADDRESS));
        return new Result(Map.of("removed", arguments.text(ADDRESS)), "removed");
    }
}
