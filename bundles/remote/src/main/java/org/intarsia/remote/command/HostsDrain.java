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

/** Says to other hosts that this one asks for no more work. */
@Component(service = Command.class)
@IntarsiaCommand(HostsDrain.NAME)
public final class HostsDrain implements Command {
    static final String NAME = Hosts.NAME + " drain";
    private static final String OFF = "--off";

    private final HostRegistry registry;

    @Activate
    public HostsDrain(@Reference HostRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(NAME, "in the shell: says to other hosts that this one asks for no more work; it goes on with what it has")
                .flag(OFF, "asks for work again")
                .example("hosts drain", "before the machine is switched off");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        boolean drained = !arguments.flag(OFF);
        registry.drain(drained);
        return new Result(Map.of("draining", drained), drained ? "this host asks for no more work" : "this host asks for work");
    }
}
