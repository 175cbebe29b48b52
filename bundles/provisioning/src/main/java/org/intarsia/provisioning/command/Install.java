package org.intarsia.provisioning.command;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
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

/** Installs and starts bundles, in this process and at every later start. */
@Component(service = Command.class)
@IntarsiaCommand("install")
public final class Install implements Command {
    private static final String RESOLVE = "--resolve";
    private static final String REPOSITORY = "--repository";

    private final Provisioning provisioning;

    @Activate
    public Install(@Reference Provisioning provisioning) {
        this.provisioning = provisioning;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("install", "installs and starts bundles, and keeps them for later starts")
                .oneOrMore("BUNDLE", "a jar, or a URL of one; with --resolve also the symbolic name of a bundle in a repository")
                .flag(RESOLVE, "bring whatever the bundles need from a repository")
                .repeated(REPOSITORY, "URL|FILE", "an OSGi repository index (XML); the one of the platform's own bundles where not given")
                .values("BUNDLE", Syntax.Kind.FILE)
                .example("install tinting.jar", "the next picture may be made with it, and every later start has it, too")
                .example("install --resolve org.intarsia.backend.vulkan", "brings that bundle and whatever it needs");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        List<URI> repositories = new ArrayList<>();
        for (String repository : arguments.values(REPOSITORY)) {
            repositories.add(Bundles.source(arguments, REPOSITORY, repository));
        }
        if (!arguments.flag(RESOLVE)) {
            if (!repositories.isEmpty()) {
                throw arguments.wrong(REPOSITORY + " goes with " + RESOLVE);
            }
            List<URI> sources = new ArrayList<>();
            for (String bundle : arguments.values("BUNDLE")) {
                sources.add(Bundles.source(arguments, "BUNDLE", bundle));
            }
            return Bundles.result(provisioning.install(sources));
        }
        List<String> names = new ArrayList<>();
        List<URI> sources = new ArrayList<>();
        for (String bundle : arguments.values("BUNDLE")) {
            if (Bundles.isSource(bundle)) {
                sources.add(Bundles.source(arguments, "BUNDLE", bundle));
            } else {
                names.add(bundle);
            }
        }
        return Bundles.result(provisioning.resolve(names, sources, repositories));
    }
}
