package org.intarsia.shell.command;

import java.util.List;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Says what a picture shows, or answers a question about it. */
@Component(service = Command.class)
@IntarsiaCommand("describe")
public final class Describe implements Command {
    private static final String MAX = "--max";

    private final Engine engine;

    @Activate
    public Describe(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return ModelOptions.placed(Syntax.of("describe", "says what a picture shows, or answers a question about it")
                .required("FILE", "the picture: PNG, JPEG, GIF, BMP or TIFF, turned as its EXIF orientation says")
                .option("--ask", "TEXT", "the question, or in which words to describe it")
                .option(MAX, "N", "the most tokens of the answer; as the model likes it where not given")
                .option(ModelOptions.SEED, "N", "another seed may give other words, where the model draws them; 0 where"
                        + " not given"))
                .example("describe star.png --ask \"what colour is the house?\"", "an answer instead of a description");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        Image image = PictureFiles.read(arguments.path("FILE").orElseThrow());
        try (Model model = ModelOptions.open(engine, arguments)) {
            List<Part> parts = arguments.value("--ask").map(question -> model.question(question, List.of(image)))
                    .orElseGet(() -> List.of(image));
            Sampling best = model.sampling(Goal.ANSWER);
            Request request = new Request(parts, Goal.ANSWER, best
                    .withMaxTokens(arguments.integer(MAX, best.maxTokens(), 1, Integer.MAX_VALUE))
                    .withSeed(arguments.integer(ModelOptions.SEED).orElse(0)));
            Notes notes = new Notes();
            arguments.value("--ask").ifPresent(question -> notes.text(model, question));
            Answer answer = model.answer(request);
            String text = answer.text().strip();
            notes.length(answer, MAX + " allows more, but the picture may be unlike those that the model knows");
            notes.print(console);
            return new Result(new Described(model.name(), text, Notes.finishReason(answer), notes.list()), text);
        }
    }

    /**
     * What {@code --json} prints.
     *
     * @param model the name of the model
     * @param text  what it said
     * @param finishReason {@code stop} where the model ended it, {@code length} where it is cut off
     * @param notes what a user should know about it
     */
    public record Described(String model, String text, String finishReason, List<String> notes) {
    }
}
