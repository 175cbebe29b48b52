package org.intarsia.shell.command;

import java.util.Locale;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Says what runs here. */
@Component(service = Command.class)
@IntarsiaCommand("version")
public final class Version implements Command {
    private final BundleContext context;

    @Activate
    public Version(BundleContext context) {
        this.context = context;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("version", "says which platform, framework and JVM run here")
                .example("version --json", "for a report of a fault");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        Versions versions = new Versions(context.getBundle().getVersion().toString(),
                framework.getSymbolicName() + " " + framework.getVersion(), Runtime.version().toString());
        return new Result(versions, String.format(Locale.ROOT, "Intarsia %s on %s, Java %s",
                versions.intarsia(), versions.framework(), versions.java()));
    }

    /**
     * What {@code --json} prints.
     *
     * @param intarsia the version of the shell bundle
     * @param framework name and version of the OSGi framework
     * @param java the version of the JVM
     */
    public record Versions(String intarsia, String framework, String java) {
    }
}
