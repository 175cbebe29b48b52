package org.intarsia.shell.command;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.intarsia.shell.Catalogue;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.text.Quoted;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Lists the commands, or explains one. */
@Component(service = Command.class)
@IntarsiaCommand("help")
public final class Help implements Command {
    private final Catalogue catalogue;

    @Activate
    public Help(@Reference Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("help", "lists the commands, or explains one")
                .optional("COMMAND", "the command to explain")
                .values("COMMAND", Syntax.Kind.COMMAND)
                .optional("TASK", "the word that follows it, of commands that have several")
                .example("help imagine", "its arguments, and how it is called")
                .example("help weights convert", "the same for one task of a command");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws Exception {
        Optional<String> name = arguments.value("COMMAND");
        if (name.isPresent()) {
            Optional<String> task = arguments.value("TASK");
            Command command = catalogue.command(name.get());
            Command chosen = command.chosen(task.stream().toList());
            if (task.isPresent() && chosen == command) {
                throw arguments.wrong(name.get() + " has no task " + Quoted.of(task.get()) + "; `help " + name.get()
                        + "` lists what it has");
            }
            return new Result(chosen.syntax(), chosen.syntax().help());
        }
        Map<String, String> summaries = catalogue.summaries();
        return new Result(summaries, "intarsia COMMAND [ARGUMENT]…   runs one command\n"
                + "intarsia                       opens the interactive shell\n\n" + lines(summaries)
                + "\n\nand in the interactive shell\n" + lines(new TreeMap<>(Catalogue.IN_THE_SHELL)) + "\n\n`intarsia help COMMAND` explains one of them");
    }

    private static String lines(Map<String, String> summaries) {
        return summaries.entrySet().stream().map(entry -> String.format(Locale.ROOT, "  %-12s %s", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("\n"));
    }
}
