package org.intarsia.training.command;

import java.nio.file.Path;
import java.util.List;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.CommandGroup;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.PlacementOptions;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.training.api.Training;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Trains weights from a recipe. An interrupt (Ctrl-C) saves first; {@code --resume} goes on from there. The first word
 * {@value TrainLora#WORD} chooses the command that trains adapters.
 */
@Component(service = Command.class)
@IntarsiaCommand("train")
public final class Train implements CommandGroup {
    static final String NAME = "train";

    @Reference
    private Training training;
    /** Commands whose names have this one's in front. */
    @Reference(target = "(" + IntarsiaCommand.PROPERTY + "=" + NAME + " *)")
    private volatile List<Command> tasks;

    @Override
    public Syntax syntax() {
        return PlacementOptions.device(Syntax.of(NAME, "trains weights")
                .required("RECIPE", "a recipe in the box, such as picturebook, or a JSON file; `" + TrainLora.NAME
                        + "` trains an adapter instead")
                .option("--out", "DIR", "the folder for the model; the recipe's name by default")
                .flag("--resume", "go on with what is in that folder")
                .option(PlacementOptions.BACKEND, "NAME", "the backend to compute on; cpu by default")
                .option("--steps", "N", "stop each stage after so many steps, to try a recipe out"))
                .values(PlacementOptions.BACKEND, Syntax.Kind.BACKEND)
                .example("train picturebook --out mine --resume", "goes on with what is in the folder mine");
    }

    @Override
    public List<Command> parts() {
        return tasks;
    }

    /**
     * What came out.
     *
     * @param out  the folder
     * @param done whether it is a whole model; false when the training was stopped before its end
     * @param loss of the last report
     */
    public record Outcome(String out, boolean done, double loss) {
    }

    @Override
    public Result run(Arguments arguments, Console console) throws Exception {
        String recipe = arguments.text("RECIPE");
        Path out = arguments.resolve("--out", arguments.value("--out").orElseGet(() -> nameOf(recipe)));
        Training.Options options = new Training.Options(recipe, out, arguments.flag("--resume"),
                new Training.Where(arguments.value(PlacementOptions.BACKEND).orElse("cpu"), arguments.value(PlacementOptions.DEVICE)),
                arguments.integer("--steps", 0, 0, Integer.MAX_VALUE));
        Running.Ended<Boolean> ended = Running.run(console, listener -> {
            training.train(options, listener);
            return true;
        });
        Outcome outcome = new Outcome(out.toString(), !ended.cancelled(), ended.loss());
        return new Result(outcome, outcome.done() ? "trained " + out : "stopped; go on with: train " + recipe
                + " --out " + out + " --resume");
    }

    private static String nameOf(String recipe) {
        String file = Path.of(recipe).getFileName().toString();
        return file.endsWith(".json") ? file.substring(0, file.length() - ".json".length()) : file;
    }
}
