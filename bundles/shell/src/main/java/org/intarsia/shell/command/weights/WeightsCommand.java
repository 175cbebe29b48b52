package org.intarsia.shell.command.weights;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.CommandGroup;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Looks into checkpoints, compares them, and writes them anew: each command whose name begins with
 * {@value #PREFIX} does one of these. */
@Component(service = Command.class)
@IntarsiaCommand(WeightsCommand.NAME)
public final class WeightsCommand implements CommandGroup {
    static final String NAME = "weights";
    /** The names of all such commands begin so. */
    static final String PREFIX = NAME + " ";
    private static final String WHAT = "WHAT";

    @Reference(target = "(" + IntarsiaCommand.PROPERTY + "=" + PREFIX + "*)")
    private volatile List<Command> tasks;

    /** A command whose tasks come and go as services. */
    public WeightsCommand() {
        this(List.of());
    }

    WeightsCommand(List<Command> tasks) {
        this.tasks = tasks;
    }

    @Override
    public Syntax syntax() {
        String words = tasks.stream().map(WeightsCommand::word).sorted().collect(Collectors.joining(", "));
        return Syntax.of(NAME, "looks into checkpoints, compares them, writes them anew")
                .required(WHAT, words + "; `weights WHAT --help` explains each")
                .words(WHAT, tasks.stream().map(WeightsCommand::word).sorted().toArray(String[]::new))
                .example(NAME + " --help", "the words that may follow");
    }

    @Override
    public List<Command> parts() {
        return tasks;
    }

    /** Of a call that names no part only the first word is read: what follows belongs to a part that there is not. */
    @Override
    public Object call(List<String> words, Path folder, Console console) throws Exception {
        return CommandGroup.super.call(chosen(words) == this ? words.subList(0, Math.min(1, words.size())) : words, folder, console);
    }

    /** The word that chooses a task. */
    private static String word(Command task) {
        return task.syntax().command().substring(PREFIX.length());
    }

    /** Comes here only where no task has that word, which the syntax has refused before. */
    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        throw arguments.wrong("there is no " + arguments.text(WHAT));
    }
}
