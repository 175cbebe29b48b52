package org.intarsia.shell.command;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.felix.service.command.CommandProcessor;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.script.Script;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Runs a Gogo script, see {@link Script}. */
@Component(service = Command.class)
@IntarsiaCommand("run")
public final class Run implements Command {
    private final CommandProcessor processor;

    @Activate
    public Run(@Reference CommandProcessor processor) {
        this.processor = processor;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("run", "runs a Gogo script")
                .required("FILE", "the script: a command a line, with the syntax of the interactive shell")
                .example("run night.gosh", "ends at the first failure, with its status");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws Exception {
        Path file = arguments.path("FILE").orElseThrow();
        try (Script script = new Script(processor, console)) {
            return new Result(new Ran(file.toString(), script.run(file.toString(), Files.readString(file))), "");
        }
    }

    /**
     * What {@code --json} prints.
     *
     * @param script the file
     * @param statements how many were run
     */
    public record Ran(String script, int statements) {
    }
}
