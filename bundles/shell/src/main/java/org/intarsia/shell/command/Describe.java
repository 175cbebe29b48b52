package org.intarsia.shell.command;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;
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
    private final Engine engine;

    /** Made by Declarative Services. */
    @Activate
    public Describe(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return ModelOptions.placed(Syntax.of("describe", "says what a picture shows, or answers a question about it")
                .required("FILE", "the picture: PNG, JPEG, GIF, BMP or TIFF, turned as its EXIF orientation says")
                .option("--ask", "TEXT", "the question, or in which words to describe it")
                .option(ModelOptions.SEED, "N", "another seed may give other words, where the model draws them; 0 where"
                        + " not given"))
                .example("describe star.png --ask \"what colour is the house?\"", "an answer instead of a description");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        Image image = PictureFiles.read(arguments.path("FILE").orElseThrow());
        List<Part> parts = new ArrayList<>();
        arguments.value("--ask").ifPresent(question -> parts.add(new Text(question)));
        parts.add(image);
        try (Model model = ModelOptions.open(engine, arguments)) {
            Request request = new Request(parts, Goal.ANSWER, model.sampling(Goal.ANSWER)
                    .withSeed(arguments.integer(ModelOptions.SEED).orElse(0)));
            String text = model.answer(request).text().strip();
            return new Result(new Described(model.name(), text), text);
        }
    }

    /**
     * What {@code --json} prints.
     *
     * @param model the name of the model
     * @param text  what it said
     */
    public record Described(String model, String text) {
    }
}
