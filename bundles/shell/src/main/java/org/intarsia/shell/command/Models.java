package org.intarsia.shell.command;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.ModelInfo;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Sizes;
import org.intarsia.shell.api.Syntax;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Lists the models that installed bundles hold. */
@Component(service = Command.class)
@IntarsiaCommand("models")
public final class Models implements Command {
    private final Engine engine;

    @Activate
    public Models(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("models", "lists the installed models")
                .example("models", "names that --model takes");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        List<ModelInfo> models = engine.models();
        String text = models.isEmpty()
                ? "no model is installed; install a model bundle, or name a directory with --model DIR"
                : models.stream().map(Models::line).collect(Collectors.joining("\n"));
        return new Result(models, text);
    }

    private static String line(ModelInfo model) {
        return String.format(Locale.ROOT, "%s: %s, %.1f MB%s%s", model.name(), model.bundle(), model.bytes() / 1e6,
                model.chosen() ? ", default" : "",
                model.opened() > 0 ? ", opened " + Sizes.counted(model.opened(), "time") : "");
    }
}
