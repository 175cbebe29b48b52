package org.intarsia.shell.command;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Model;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Sizes;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.intarsia.text.Quoted;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Writes what a model computes on the way, for comparison with a reference. */
@Component(service = Command.class)
@IntarsiaCommand("trace")
public final class Trace implements Command {
    private static final String INPUTS = "--inputs";
    private static final String OUT = "--out";

    private final Engine engine;

    @Activate
    public Trace(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return ModelOptions.placed(Syntax.of("trace", "writes what a model computes on the way, to compare with a reference")
                .option(INPUTS, "FILE.safetensors", "inputs: TAG.input_ids, pixel_values, vq.pixel_values, vq.dec.TAG.indices,"
                        + " rope.positions, gen.…; a reference's own file will do, with its settings in FILE.json beside it")
                .option(OUT, "FILE.safetensors", "where the named values go"))
                .example("trace --model DIR --inputs golden.safetensors --out out.safetensors",
                        "every value, by its name; settings from golden.json");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        Path inputs = required(arguments, INPUTS);
        Path out = required(arguments, OUT);
        try (Model model = ModelOptions.open(engine, arguments)) {
            Model.Trace trace = model.trace(inputs, out);
            String ignored = trace.ignored().isEmpty() ? ""
                    : "\nneither inputs nor among these values: " + trace.ignored().stream().map(Quoted::line).collect(Collectors.joining(", "));
            return new Result(new Traced(model.name(), out.toString(), trace.values(), trace.ignored()),
                    out + ": " + Sizes.counted(trace.values().size(), "value") + " of model " + model.name() + ignored);
        }
    }

    private static Path required(Arguments arguments, String option) throws UsageException {
        return arguments.path(option).orElseThrow(() -> arguments.wrong(option + " FILE.safetensors is missing"));
    }

    /**
     * What {@code --json} prints.
     *
     * @param model   the name of the model
     * @param out     the file
     * @param values  the names in it
     * @param ignored the names of what was given but is neither an input nor one of those values
     */
    public record Traced(String model, String out, List<String> values, List<String> ignored) {
    }
}
