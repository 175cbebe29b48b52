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

/** Removes bundles. */
@Component(service = Command.class)
@GogoCommand(scope = Command.SCOPE, function = "uninstall")
public final class Uninstall implements Command {
    private final Provisioning provisioning;

    /** Made by Declarative Services. */
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
