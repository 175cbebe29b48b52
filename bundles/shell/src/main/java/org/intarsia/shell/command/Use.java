package org.intarsia.shell.command;

import org.apache.felix.service.command.annotations.GogoCommand;
import org.intarsia.engine.api.Engine;
import org.intarsia.shell.Arguments;
import org.intarsia.shell.Command;
import org.intarsia.shell.Console;
import org.intarsia.shell.Result;
import org.intarsia.shell.Syntax;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Chooses the backend that models run on; generations in flight move to it at their next token. */
@Component(service = Command.class)
@GogoCommand(scope = Command.SCOPE, function = "use")
public final class Use implements Command {
    private final Engine engine;

    /** Made by Declarative Services. */
    @Activate
    public Use(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("use", "chooses the backend that models run on, also in the midst of what they make")
                .required("WHAT", "backend")
                .required("NAME", "its name, as `backends` lists it")
                .words("WHAT", "backend")
                .values("NAME", Syntax.Kind.BACKEND)
                .example("use backend vulkan", "moves whatever runs, pictures in the midst of being made too");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        String name = arguments.text("NAME");
        engine.useBackend(name);
        return new Result(new Chosen(name), "models run on " + name + " now");
    }

    /**
     * What {@code --json} prints.
     *
     * @param backend its name
     */
    public record Chosen(String backend) {
    }
}
