package org.intarsia.shell.command;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.intarsia.comparison.Column;
import org.intarsia.comparison.Compared;
import org.intarsia.comparison.Comparison;
import org.intarsia.comparison.Page;
import org.intarsia.comparison.Prompt;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.shell.Arguments;
import org.intarsia.shell.Command;
import org.intarsia.shell.Console;
import org.intarsia.shell.Progress;
import org.intarsia.shell.Result;
import org.intarsia.shell.Syntax;
import org.intarsia.shell.UsageException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Asks several models, or one in several places, the same, and writes a page of the answers. */
@Component(service = Command.class)
@GogoCommand(scope = Command.SCOPE, function = "compare")
public final class Compare implements Command {
    private static final String MODELS = "NAME|DIR";
    private static final String PROMPTS = "--prompts";
    private static final String OUT = "--out";
    private static final String MAX = "--max";
    private static final String PAGE = "comparison.html";

    private final Engine engine;

    /** Made by Declarative Services. */
    @Activate
    public Compare(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("compare", "the same prompts through several models or backends, side by side on one page")
                .oneOrMore(MODELS, "installed models, or directories; the others are compared with the first")
                .option(PROMPTS, "FILE", "a prompt a line: a text, or {\"text\": …, \"images\": [FILE…], \"goal\": \"picture\"}")
                .option(ModelOptions.BACKEND, "NAME,NAME…", "the backends that each model runs on; the best one where not given")
                .option(ModelOptions.SEED, "N", "the seed of every answer; 0 where not given")
                .option(MAX, "N", "the most tokens of text in an answer")
                .option(OUT, "FILE", "where the page goes; " + PAGE + " where not given")
                .values(MODELS, Syntax.Kind.MODEL)
                .values(ModelOptions.BACKEND, Syntax.Kind.BACKEND)
                .example("compare picturebook --prompts prompts.txt --backend cpu,opencl", "one model on two backends")
                .example("compare picturebook ./mine --prompts prompts.txt --out mine.html", "two models");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        Path prompts = arguments.path(PROMPTS).orElseThrow(() -> arguments.wrong(PROMPTS + " FILE is missing"));
        Path page = arguments.path(OUT).orElse(PictureNames.free(arguments.resolve(OUT, PAGE)));
        PictureFiles.checkFolder(page);
        OptionalInt max = arguments.value(MAX).isEmpty() ? OptionalInt.empty()
                : OptionalInt.of(arguments.integer(MAX, 1, 1, Integer.MAX_VALUE));
        Comparison comparison = new Comparison(engine, new Comparison.Settings(columns(arguments), Prompt.read(prompts),
                arguments.integer(ModelOptions.SEED).orElse(0), max));
        try (Progress progress = console.progress()) {
            Compared compared = comparison.run(progress::show);
            PictureFiles.write(page, new Page(compared).html().getBytes(StandardCharsets.UTF_8));
            return new Result(new Written(page.toString(), compared), text(page, compared), compared.failure());
        }
    }

    private List<Column> columns(Arguments arguments) throws UsageException {
        List<Optional<String>> backends = arguments.value(ModelOptions.BACKEND)
                .map(names -> Stream.of(names.split(",")).map(String::strip).map(Optional::of).toList())
                .orElse(List.of(Optional.empty()));
        List<Column> columns = new ArrayList<>();
        for (String model : arguments.values(MODELS)) {
            String found = ModelOptions.find(engine, arguments, MODELS, model);
            backends.forEach(backend -> columns.add(new Column(found, backend)));
        }
        return columns;
    }

    private static String text(Path page, Compared compared) {
        List<String> lines = new ArrayList<>();
        lines.add(page.toString());
        for (Compared.Head head : compared.columns()) {
            String beside = head == compared.columns().getFirst() ? ""
                    : ", %d of %d equal to the first".formatted(head.same(), head.compared());
            lines.add(String.format(Locale.ROOT, "%s%s: %d tokens in %.1f s, %.1f a second%s%s", head.model(),
                    head.devices().isEmpty() ? "" : " on " + String.join(", then ", head.devices()), head.tokens(),
                    head.seconds(), head.tokensPerSecond(), beside, head.failed() == 0 ? "" : ", " + head.failed() + " failed"));
        }
        return String.join("\n", lines);
    }

    /**
     * What {@code --json} prints.
     *
     * @param page     the page's file
     * @param compared what stands on it
     */
    public record Written(String page, Compared compared) {
    }
}
