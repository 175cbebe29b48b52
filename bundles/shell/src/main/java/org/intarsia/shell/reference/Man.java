package org.intarsia.shell.reference;

import org.intarsia.shell.Catalogue;
import org.intarsia.shell.Vocabulary;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Prints the manual page of all commands. */
@Component(service = Command.class)
@IntarsiaCommand("man")
public final class Man implements Command {
    private final String version;
    private final Catalogue catalogue;
    private final Vocabulary vocabulary;

    @Activate
    public Man(BundleContext context, @Reference Catalogue catalogue, @Reference Vocabulary vocabulary) {
        this.version = context.getBundle().getVersion().toString();
        this.catalogue = catalogue;
        this.vocabulary = vocabulary;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("man", "prints the manual page of all commands, in the language of man")
                .example("man", "a page for ~/.local/share/man/man1/intarsia.1");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        String page = ManualPage.of(CommandReference.of(catalogue, vocabulary), version).stripTrailing();
        return new Result(new Page(page), page);
    }

    /**
     * The result of {@code --json}.
     *
     * @param page its source
     */
    public record Page(String page) {
    }
}
