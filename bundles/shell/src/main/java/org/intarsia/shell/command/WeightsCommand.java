package org.intarsia.shell.command;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.intarsia.shell.Arguments;
import org.intarsia.shell.Command;
import org.intarsia.shell.Console;
import org.intarsia.shell.Result;
import org.intarsia.shell.Syntax;
import org.intarsia.shell.UsageException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Looks into checkpoints, compares them, and writes them anew: each {@link WeightsTask} does one of these. */
@Component(service = Command.class)
@GogoCommand(scope = Command.SCOPE, function = WeightsCommand.NAME)
public final class WeightsCommand implements Command {
    static final String NAME = "weights";
    private static final String WHAT = "WHAT";

    @Reference
    private volatile List<WeightsTask> tasks;

    /** Made by Declarative Services, which then adds the tasks as they come. */
    public WeightsCommand() {
        this(List.of());
    }

    WeightsCommand(List<WeightsTask> tasks) {
        this.tasks = tasks;
    }

    @Override
    public Syntax syntax() {
        String words = tasks.stream().map(WeightsTask::word).sorted().collect(Collectors.joining(", "));
        return Syntax.of(NAME, "looks into checkpoints, compares them, writes them anew")
                .required(WHAT, words + "; `weights WHAT --help` explains each")
                .words(WHAT, tasks.stream().map(WeightsTask::word).sorted().toArray(String[]::new))
                .example(NAME + " --help", "the words that may follow");
    }

    @Override
    public Object call(List<String> words, Path folder, Console console) throws Exception {
        Command chosen = chosen(words);
        return chosen == this ? Command.super.call(words.subList(0, Math.min(1, words.size())), folder, console)
                : chosen.call(words.subList(1, words.size()), folder, console);
    }

    /** The task that the first word names. */
    @Override
    public Command chosen(List<String> words) {
        return words.stream().findFirst()
                .flatMap(word -> tasks.stream().filter(task -> task.word().equals(word)).findFirst())
                .map(Command.class::cast).orElse(this);
    }

    /** Comes here only where no task has that word, which the syntax has refused before. */
    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        throw arguments.wrong("there is no " + arguments.text(WHAT));
    }
}
