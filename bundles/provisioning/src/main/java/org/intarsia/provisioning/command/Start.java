package org.intarsia.provisioning.command;

import org.intarsia.provisioning.api.Provisioning;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Starts bundles, in this process. */
@Component(service = Command.class)
@IntarsiaCommand("start")
public final class Start implements Command {
    private final Provisioning provisioning;

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
