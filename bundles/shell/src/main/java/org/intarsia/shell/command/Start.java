package org.intarsia.shell.command;

import org.apache.felix.service.command.annotations.GogoCommand;
import org.intarsia.provisioning.api.Provisioning;
import org.intarsia.shell.Arguments;
import org.intarsia.shell.Command;
import org.intarsia.shell.Console;
import org.intarsia.shell.Result;
import org.intarsia.shell.Syntax;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Starts bundles, in this process. */
@Component(service = Command.class)
@GogoCommand(scope = Command.SCOPE, function = "start")
public final class Start implements Command {
    private final Provisioning provisioning;

    /** Made by Declarative Services. */
    @Activate
    public Start(@Reference Provisioning provisioning) {
        this.provisioning = provisioning;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("start", "starts bundles, in this process")
                .oneOrMore("BUNDLE", "its symbolic name or number")
                .values("BUNDLE", Syntax.Kind.BUNDLE)
                .example("start org.intarsia.backend.cpu", "whatever waits for a backend goes on");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        return Bundles.each(provisioning, arguments.values("BUNDLE"), provisioning::start);
    }
}
