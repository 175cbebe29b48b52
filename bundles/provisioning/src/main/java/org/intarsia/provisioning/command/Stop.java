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

/** Stops bundles, in this process. */
@Component(service = Command.class)
@IntarsiaCommand("stop")
public final class Stop implements Command {
    private final Provisioning provisioning;

    @Activate
    public Stop(@Reference Provisioning provisioning) {
        this.provisioning = provisioning;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("stop", "stops bundles, in this process")
                .oneOrMore("BUNDLE", "its symbolic name or number")
                .values("BUNDLE", Syntax.Kind.BUNDLE)
                .example("stop org.intarsia.backend.cpu", "whatever runs on it moves to another backend, or waits for one");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        return Bundles.each(provisioning, arguments.values("BUNDLE"), provisioning::stop);
    }
}
