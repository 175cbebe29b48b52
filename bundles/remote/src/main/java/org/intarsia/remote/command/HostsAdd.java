package org.intarsia.remote.command;

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

/** Adds a host, until this process ends. */
@Component(service = Command.class)
@IntarsiaCommand(HostsAdd.NAME)
public final class HostsAdd implements Command {
    static final String NAME = Hosts.NAME + " add";
    private static final String ADDRESS = "ADDRESS";

    private final HostRegistry registry;

    @Activate
    public HostsAdd(@Reference HostRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(NAME, "adds another machine that runs Intarsia, until this process ends; status 1 where it is not there")
                .required(ADDRESS, "HOST or HOST:PORT; the setting hosts keeps addresses")
                .example("hosts add 10.0.0.2:7420", "asks it at once, and again while the shell runs");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        return Hosts.one(registry.add(arguments.text(ADDRESS)));
    }
}
