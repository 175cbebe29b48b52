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

/** Removes bundles. */
@Component(service = Command.class)
@IntarsiaCommand("uninstall")
public final class Uninstall implements Command {
    private final Provisioning provisioning;

    @Activate
    public Uninstall(@Reference Provisioning provisioning) {
        this.provisioning = provisioning;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("uninstall", "removes bundles; those of the platform itself are back at the next start")
                .oneOrMore("BUNDLE", "its symbolic name or number")
                .values("BUNDLE", Syntax.Kind.BUNDLE)
                .example("uninstall org.example.tinting.decoder", "its jar leaves the deploy folder, too");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        return Bundles.each(provisioning, arguments.values("BUNDLE"), provisioning::uninstall);
    }
}
