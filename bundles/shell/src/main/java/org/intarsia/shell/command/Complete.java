package org.intarsia.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;
import org.intarsia.shell.Arguments;
import org.intarsia.shell.Command;
import org.intarsia.shell.Console;
import org.intarsia.shell.Result;
import org.intarsia.shell.Syntax;
import org.intarsia.shell.UsageException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Goes on with a text, and prints it as it comes. */
@Component(service = Command.class)
@GogoCommand(scope = Command.SCOPE, function = "complete")
public final class Complete implements Command {
    private static final String MAX = "--max";

    private final Engine engine;

    /** Made by Declarative Services. */
    @Activate
    public Complete(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return ModelOptions.placed(ModelOptions.sampled(Syntax.of("complete", "goes on where a text ends")
                .required("TEXT", "the beginning")
                .repeated(ModelOptions.IMAGE, "FILE", "a picture that stands before the text")
                .option(MAX, "N", "the most tokens to add")))
                .example("complete \"a red star\" --max 20", "twenty tokens more at most");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        List<Part> parts = new ArrayList<>(ModelOptions.images(arguments));
        parts.add(new Text(arguments.text("TEXT")));
        boolean streamed = !arguments.flag(Syntax.JSON);
        try (Model model = ModelOptions.open(engine, arguments)) {
            Sampling best = model.sampling(Goal.CONTINUATION);
            Sampling sampling = ModelOptions.sampling(arguments, best)
                    .withMaxTokens(arguments.integer(MAX, best.maxTokens(), 1, Integer.MAX_VALUE))
                    .withSeed(arguments.integer(ModelOptions.SEED)
                            .orElseGet(() -> ThreadLocalRandom.current().nextLong()));
            Consumer<Event> listener = event -> {
                if (streamed && event instanceof Event.TextPiece piece) {
                    console.out().print(piece.text());
                    console.out().flush();
                }
            };
            Answer answer = model.prepare(List.of(new Request(parts, Goal.CONTINUATION, sampling)), listener).run()
                    .getFirst();
            if (streamed) {
                console.out().println();
            }
            return new Result(new Completed(model.name(), answer.text(), answer.ids().size(), sampling.seed()), "");
        }
    }

    /**
     * What {@code --json} prints.
     *
     * @param model  the name of the model
     * @param text   what it added
     * @param tokens how many tokens that took
     * @param seed   makes it again
     */
    public record Completed(String model, String text, int tokens, long seed) {
    }
}
