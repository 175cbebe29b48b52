package org.intarsia.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Model;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.blocks.Fields;
import org.intarsia.picturebook.evaluation.Evaluation;
import org.intarsia.picturebook.evaluation.Scores;
import org.intarsia.picturebook.evaluation.TaskScore;
import org.intarsia.picturebook.world.World;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Progress;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Scores a model on the painted world. */
@Component(service = Command.class)
@IntarsiaCommand("evaluate")
public final class Evaluate implements Command {
    private static final Evaluation.Settings STANDARD = Evaluation.Settings.STANDARD;

    private final Engine engine;

    @Activate
    public Evaluate(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Opening.placed(Syntax.of("evaluate", "scores a model on the painted world, in GenEval's form")
                .option("--prompts", "N", "prompts for each task; " + STANDARD.prompts() + " where not given")
                .option("--pictures", "N", "pictures for each prompt; " + STANDARD.pictures() + " where not given")
                .flag("--validation", "other prompts, by which settings of a model may be chosen"))
                .example("evaluate --prompts 10", "a rough score in less time");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException, IOException {
        Evaluation.Settings settings = STANDARD.withPrompts(
                arguments.integer("--prompts", STANDARD.prompts(), 2, 10_000),
                arguments.integer("--pictures", STANDARD.pictures(), 1, 10_000));
        try (Model model = Opening.open(engine, arguments); Progress progress = console.progress()) {
            Evaluation.Settings asked = settings.in(world(model));
            Scores scores = new Evaluation(arguments.flag("--validation") ? asked.forValidation() : asked).run(ModelCandidate.of(model),
                    (task, done, total) -> progress.show(task + ": " + 100 * done / total + " % of " + total),
                    Thread.currentThread()::isInterrupted);
            return new Result(scores.toMap(), table(shown(model), scores));
        }
    }

    /** The painted world that the model says it is of; without a word, the standard one. */
    private static World world(Model model) throws IOException {
        Path file = model.directory().resolve("generation_config.json");
        if (!Files.exists(file)) {
            return World.STANDARD;
        }
        String name = Fields.read(Files.readString(file), file.toString()).path("intarsia").path("world").asText(World.STANDARD.name());
        try {
            return World.named(name);
        } catch (IllegalArgumentException e) {
            throw new ModelException(file + ": " + e.getMessage(), e);
        }
    }

    private static String shown(Model model) {
        return model.name() + model.adapters().stream().map(adapter -> " with the adapter " + adapter.told()).collect(Collectors.joining());
    }

    private static String table(String model, Scores scores) {
        List<String> lines = new ArrayList<>();
        lines.add("model " + model + ", GenEval-form on the painted world");
        line(lines, "", "grader on true pictures", scores.grader());
        line(lines, "", "image tokenizer's round trip", scores.roundTrip());
        lines.add(String.format(Locale.ROOT, "%-34s %6.3f", "overall, the mean of", scores.overall()));
        scores.tasks().forEach((name, score) -> line(lines, "  ", name, score));
        scores.further().forEach((name, score) -> line(lines, "", name, score));
        line(lines, "", "edits", scores.edits());
        line(lines, "", "captions", scores.captions());
        line(lines, "", "answers", scores.answers());
        lines.add("looks that training never showed");
        for (Map.Entry<String, TaskScore> entry : scores.heldOut().entrySet()) {
            line(lines, "  ", entry.getKey(), entry.getValue());
        }
        return String.join("\n", lines);
    }

    private static void line(List<String> lines, String indent, String name, TaskScore score) {
        lines.add(String.format(Locale.ROOT, "%-34s %6.3f  (%d of %d)", indent + name, score.score(), score.passed(),
                score.count()));
    }
}
