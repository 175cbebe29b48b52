package org.intarsia.training.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.intarsia.engine.api.Engine;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.PlacementOptions;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Sizes;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.intarsia.training.api.LoraTraining;
import org.intarsia.training.api.LoraTraining.Direction;
import org.intarsia.training.api.Training;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Trains a low-rank adapter. An interrupt (Ctrl-C) saves first; {@code --resume} goes on from there. */
@Component(service = Command.class)
@IntarsiaCommand(TrainLora.NAME)
public final class TrainLora implements Command {
    /** Chooses this command behind {@code train}. */
    static final String WORD = "lora";
    static final String NAME = Train.NAME + " " + WORD;
    private static final String BASE = "--base";
    private static final String DATA = "--data";
    private static final String OUT = "--out";
    private static final String PICTURES = "--pictures";
    private static final int MOST_RANK = 4096;
    private static final int MOST_BATCH = 4096;

    private final Engine engine;
    private final LoraTraining training;

    @Activate
    public TrainLora(@Reference Engine engine, @Reference LoraTraining training) {
        this.engine = engine;
        this.training = training;
    }

    @Override
    public Syntax syntax() {
        return PlacementOptions.device(Syntax.of(NAME, "trains a low-rank adapter (LoRA) over a model that stays as it is")
                .option(BASE, "NAME|DIR", "the base model: an installed one, a directory, or a GGUF file; it may be quantised")
                .values(BASE, Syntax.Kind.MODEL)
                .option(DATA, "DIR",
                        "texts (*.txt), JSON lines (*.jsonl) with \"text\" or \"prompt\" and \"completion\", pictures with captions")
                .values(DATA, Syntax.Kind.FILE)
                .option(OUT, "DIR", "the folder for the adapter, in the layout of PEFT")
                .values(OUT, Syntax.Kind.FILE)
                .option("--rank", "N", "the rank of each pair; 8 by default")
                .option("--alpha", "A", "what a pair adds counts A / rank times; 16 by default")
                .flag("--rslora", "it counts A / √rank times instead")
                .option("--targets", "NAMES", "layers that get a pair, by the ends of their names, with commas between; q_proj,v_proj by"
                        + " default, all-linear for all but the scores")
                .option("--start", "DIR", "an adapter to start from, with its rank, scale and layers")
                .option("--steps", "N", "optimizer steps; 100 by default")
                .option("--batch", "N", "samples in each step; 4 by default")
                .option("--learning-rate", "R", "0.0002 by default")
                .option("--length", "N", "the most tokens of a sample; 1024 by default, as far as the model's context goes")
                .option(PICTURES, "describe|imagine|both",
                        "what is learned from pictures with captions; all that the model can do by default")
                .words(PICTURES, "describe", "imagine", "both")
                .option(PlacementOptions.SEED, "N", "equal seeds give equal adapters; 0 by default")
                .flag("--resume", "go on with what is in the folder")
                .option(PlacementOptions.BACKEND, "NAME", "the backend to compute on; cpu by default"))
                .values(PlacementOptions.BACKEND, Syntax.Kind.BACKEND)
                .example("train lora --base checkpoint --data texts --out lora --steps 200",
                        "an adapter for `complete --model checkpoint --adapter lora`");
    }

    /**
     * What {@code --json} prints.
     *
     * @param out     the folder
     * @param done    whether all steps were taken; false when the training was stopped before its end
     * @param loss    of the last report
     * @param samples how many the data held
     * @param skipped what of the data could not be used
     */
    public record Trained(String out, boolean done, double loss, int samples, List<String> skipped) {
    }

    @Override
    public Result run(Arguments arguments, Console console) throws Exception {
        Path out = arguments.path(OUT).orElseThrow(() -> arguments.wrong(OUT + " DIR is missing"));
        LoraTraining.Options options = options(arguments, out);
        Running.Ended<LoraTraining.Outcome> ended = Running.run(console, listener -> training.train(options, listener));
        LoraTraining.Outcome outcome = ended.value();
        return new Result(new Trained(out.toString(), outcome.done(), ended.loss(), outcome.samples(), outcome.skipped()),
                outcome.done() ? "trained " + out + " on " + Sizes.counted(outcome.samples(), "sample")
                        : "stopped; go on with the same words and --resume");
    }

    private LoraTraining.Options options(Arguments arguments, Path out) throws UsageException {
        String base = arguments.value(BASE).orElseThrow(() -> arguments.wrong(BASE + " NAME or DIR is missing"));
        Path data = arguments.path(DATA).orElseThrow(() -> arguments.wrong(DATA + " DIR is missing"));
        List<String> targets = Stream.of(arguments.value("--targets").orElse("q_proj,v_proj").split(",")).map(String::strip)
                .filter(name -> !name.isEmpty()).toList();
        if (targets.isEmpty()) {
            throw arguments.wrong("--targets names no layer");
        }
        Optional<Path> start = arguments.path("--start");
        for (String option : List.of("--rank", "--alpha", "--targets")) {
            if (start.isPresent() && arguments.value(option).isPresent()) {
                throw arguments.wrong(option + " is that of the adapter that --start names: leave one of them out");
            }
        }
        return new LoraTraining.Options(PlacementOptions.find(arguments, BASE, base, engine::isInstalled), data, out,
                arguments.flag("--resume"),
                new Training.Where(arguments.value(PlacementOptions.BACKEND).orElse("cpu"), arguments.value(PlacementOptions.DEVICE)),
                new LoraTraining.Shape(arguments.integer("--rank", 8, 1, MOST_RANK), arguments.decimal("--alpha", 16, 0, 1e6),
                        arguments.flag("--rslora"), targets),
                start, new LoraTraining.Schedule(arguments.integer("--steps", 100, 1, Integer.MAX_VALUE),
                        arguments.integer("--batch", 4, 1, MOST_BATCH), arguments.decimal("--learning-rate", 2e-4, 0, 10),
                        arguments.integer("--length", 1024, 2, Integer.MAX_VALUE), arguments.integer(PlacementOptions.SEED).orElse(0)),
                arguments.value(PICTURES).map(word -> Direction.valueOf(word.toUpperCase(Locale.ROOT))));
    }
}
