package org.intarsia.provisioning.command;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.intarsia.provisioning.api.Provisioning;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Replaces a bundle by another version of it. */
@Component(service = Command.class)
@IntarsiaCommand("update")
public final class Update implements Command {
    private final Provisioning provisioning;

    @Activate
    public Update(@Reference Provisioning provisioning) {
        this.provisioning = provisioning;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("update", "replaces a bundle by another version of it; whatever uses it goes on with the new one")
                .required("BUNDLE", "its symbolic name or number")
                .optional("SOURCE", "a jar, or a URL of one; the bundle's own file, read again, where not given")
                .values("BUNDLE", Syntax.Kind.BUNDLE)
                .values("SOURCE", Syntax.Kind.FILE)
                .example("update org.intarsia.image.decoder image.decoder-0.2.0.jar", "new generations take the new one");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        Optional<URI> source = Optional.empty();
        if (arguments.value("SOURCE").isPresent()) {
            source = Optional.of(Bundles.source(arguments, "SOURCE", arguments.text("SOURCE")));
        }
        return Bundles.result(List.of(provisioning.update(Bundles.known(provisioning, arguments.text("BUNDLE")), source)));
    }
}
