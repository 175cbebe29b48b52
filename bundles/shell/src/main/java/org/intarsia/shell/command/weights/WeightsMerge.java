package org.intarsia.shell.command.weights;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.intarsia.engine.api.AdapterChoice;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Merger;
import org.intarsia.graph.Encoding;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Interrupts;
import org.intarsia.shell.api.PlacementOptions;
import org.intarsia.shell.api.Progress;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Sizes;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.command.ModelOptions;
import org.intarsia.text.Quoted;
import org.intarsia.weights.tool.Merge;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Writes a checkpoint with adapters added into its weights. */
@Component(service = Command.class)
@IntarsiaCommand(WeightsCommand.PREFIX + "merge")
public final class WeightsMerge implements Command {
    private static final String MODEL = "MODEL";
    private static final String OUT = "OUT";
    private static final String ENCODING = "--encoding";
    private static final List<String> NAMES = Merge.ENCODINGS.stream().map(Encoding::name).toList();

    private final Engine engine;
    private final Merger merger;

    @Activate
    public WeightsMerge(@Reference Engine engine, @Reference Merger merger) {
        this.engine = engine;
        this.merger = merger;
    }

    @Override
    public Syntax syntax() {
        return PlacementOptions.adapted(Syntax.of(WeightsCommand.PREFIX + "merge", "writes a checkpoint with low-rank adapters added into"
                + " its weights; an interrupted one goes on when called again")
                .required(MODEL, "an installed model, a model directory, or an adapter that names its base model")
                .required(OUT, "the directory to write")
                .values(MODEL, Syntax.Kind.MODEL)
                .values(OUT, Syntax.Kind.FILE)
                .option(ENCODING, "E", String.join(", ", NAMES) + "; as each tensor is stored where not given")
                .words(ENCODING, NAMES.toArray(String[]::new)))
                .example("weights merge llama merged --adapter lora", "the same answers as --model llama --adapter lora");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws Exception {
        String model = PlacementOptions.find(arguments, MODEL, arguments.text(MODEL), engine::isInstalled);
        List<AdapterChoice> adapters = ModelOptions.adapters(arguments);
        Path out = arguments.path(OUT).orElseThrow();
        Optional<Encoding> encoding = arguments.value(ENCODING).map(Encoding::valueOf);
        try (Progress progress = console.progress()) {
            Merge done = Interrupts.resumable(() -> merger.merge(model, adapters, out, encoding, progress::bytes));
            return new Result(done, String.format(Locale.ROOT, "%s: %s, %s changed", done.file(), Sizes.bytes(done.bytes()),
                    Sizes.counted(done.changed().size(), "tensor"))
                    + (done.overflows().isEmpty() ? "" : "\ntoo large for their encoding, and infinite now: " + done.overflows().entrySet()
                            .stream().map(entry -> Sizes.counted(entry.getValue(), "value") + " of " + Quoted.of(entry.getKey()))
                            .collect(Collectors.joining(", "))));
        }
    }
}
