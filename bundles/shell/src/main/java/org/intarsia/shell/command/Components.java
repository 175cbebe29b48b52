package org.intarsia.shell.command;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.intarsia.engine.api.ComponentInfo;
import org.intarsia.engine.api.Engine;
import org.intarsia.shell.Arguments;
import org.intarsia.shell.Command;
import org.intarsia.shell.Console;
import org.intarsia.shell.Result;
import org.intarsia.shell.Syntax;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Lists the factories of components, and which models use them. */
@Component(service = Command.class)
@GogoCommand(scope = Command.SCOPE, function = "components")
public final class Components implements Command {
    private final Engine engine;

    /** Made by Declarative Services. */
    @Activate
    public Components(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("components", "lists the parts that models are put together from");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        List<ComponentInfo> components = engine.components();
        String text = components.isEmpty()
                ? "no component is installed; install a bundle that holds one, such as org.intarsia.transformer.core"
                : components.stream().map(Components::line).collect(Collectors.joining("\n"));
        return new Result(components, text);
    }

    private static String line(ComponentInfo component) {
        return "%s %s: %s%s".formatted(component.kind(), component.name(), component.bundle(),
                component.usedBy().isEmpty() ? "" : ", used by " + String.join(", ", component.usedBy()));
    }
}
