package org.intarsia.comparison.command;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.intarsia.backend.api.Precision;
import org.intarsia.comparison.Column;
import org.intarsia.comparison.Compared;
import org.intarsia.comparison.Comparison;
import org.intarsia.comparison.Page;
import org.intarsia.comparison.Prompt;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.FileNames;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.PlacementOptions;
import org.intarsia.shell.api.Progress;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Sizes;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Asks several models, or one in several places, the same, and writes a page of the answers. */
@Component(service = Command.class)
@IntarsiaCommand("compare")
public final class Compare implements Command {
    private static final String MODELS = "NAME|DIR";
    private static final String PROMPTS = "--prompts";
    private static final String OUT = "--out";
    private static final String MAX = "--max";
    private static final String GREEDY = "--greedy";
    private static final String ENDING = ".html";
    private static final String PAGE = "comparison" + ENDING;

    private static final List<String> PRECISIONS = Stream.of(Precision.EXACT, Precision.FAST).map(String::valueOf).toList();

    private final Engine engine;

    @Activate
    public Compare(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("compare", "the same prompts through several models or backends, side by side on one page")
                .oneOrMore(MODELS, "installed models, or directories; the others are compared with the first")
                .option(PROMPTS, "FILE", "a prompt a line: a text, or {\"text\": …, \"images\": [FILE…], \"goal\": \"picture\"}")
                .option(PlacementOptions.BACKEND, "NAME,NAME…", "the backends that each model runs on; the best one where not given")
                .option(PlacementOptions.PRECISION, "NAME,NAME…", "exact, fast or both, for each model; its usual one where not given")
                .option(PlacementOptions.SEED, "N", "the seed of every answer; 0 where not given")
                .flag(GREEDY, "the likeliest token always, in place of each model's own sampling")
                .option(MAX, "N", "the most tokens of text in an answer")
                .option(OUT, "FILE", "where the page goes; " + PAGE + " where not given")
                .values(MODELS, Syntax.Kind.MODEL)
                .values(PlacementOptions.BACKEND, Syntax.Kind.BACKEND)
                .example("compare picturebook --prompts prompts.txt --backend cpu,opencl", "one model on two backends")
                .example("compare picturebook ./mine --prompts prompts.txt --out mine.html", "two models")
                .example("compare ./mine --precision exact,fast --greedy --prompts prompts.txt", "what fast precision changes");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        Path prompts = arguments.path(PROMPTS).orElseThrow(() -> arguments.wrong(PROMPTS + " FILE is missing"));
        Path page = page(arguments);
        PictureFiles.checkFolder(page);
        OptionalInt max = arguments.value(MAX).isEmpty() ? OptionalInt.empty()
                : OptionalInt.of(arguments.integer(MAX, 1, 1, Integer.MAX_VALUE));
        Comparison comparison = new Comparison(engine, new Comparison.Settings(columns(arguments), Prompt.read(prompts),
                arguments.integer(PlacementOptions.SEED).orElse(0), max, arguments.flag(GREEDY)));
        try (Progress progress = console.progress()) {
            Compared compared = comparison.run(progress::show);
            PictureFiles.write(page, new Page(compared).html().getBytes(StandardCharsets.UTF_8));
            return new Result(new Written(page.toString(), compared), text(page, compared), compared.failure());
        }
    }

    /** A browser goes by the ending: a name without one gets it, and another one is refused. */
    private static Path page(Arguments arguments) throws UsageException {
        Optional<Path> asked = arguments.path(OUT);
        if (asked.isEmpty() || asked.get().getFileName() == null) {
            return asked.orElse(FileNames.free(arguments.resolve(OUT, PAGE)));
        }
        String name = asked.get().getFileName().toString();
        if (name.lastIndexOf('.') <= 0 && !Files.isDirectory(asked.get())) {
            return asked.get().resolveSibling(name + ENDING);
        }
        if (!name.toLowerCase(Locale.ROOT).matches(".*\\.html?") && !Files.isDirectory(asked.get())) {
            throw arguments.wrong(OUT + " names a page of HTML; let it end in " + ENDING + ", not as '" + name + "' does");
        }
        return asked.get();
    }

    private List<Column> columns(Arguments arguments) throws UsageException {
        List<Optional<String>> backends = names(arguments, PlacementOptions.BACKEND);
        List<Optional<Precision>> precisions = new ArrayList<>();
        for (Optional<String> name : names(arguments, PlacementOptions.PRECISION)) {
            if (name.isPresent() && !PRECISIONS.contains(name.get())) {
                throw arguments.wrong(PlacementOptions.PRECISION + " takes exact, fast or both with a comma between, not '"
                        + name.get() + "'");
            }
            precisions.add(name.map(Precision::of));
        }
        List<Column> columns = new ArrayList<>();
        for (String model : arguments.values(MODELS)) {
            String found = PlacementOptions.find(arguments, MODELS, model, engine::isInstalled);
            backends.forEach(backend -> precisions.forEach(precision -> columns.add(new Column(found, backend, precision))));
        }
        return columns;
    }

    private static List<Optional<String>> names(Arguments arguments, String option) {
        return arguments.value(option).map(names -> Stream.of(names.split(",")).map(String::strip).map(Optional::of).toList())
                .orElse(List.of(Optional.empty()));
    }

    private static String text(Path page, Compared compared) {
        List<String> lines = new ArrayList<>();
        lines.add(page.toString());
        for (Compared.Head head : compared.columns()) {
            String beside = head == compared.columns().getFirst() ? ""
                    : String.format(Locale.ROOT, ", %d of %d equal to the first, %s", head.same(), head.compared(), share(head));
            lines.add(String.format(Locale.ROOT, "%s%s: %s in %.1f s, %.1f a second%s%s", head.model(),
                    head.devices().isEmpty() ? "" : " on " + String.join(", then ", head.devices()),
                    Sizes.counted(head.tokens(), "token"),
                    head.seconds(), head.tokensPerSecond(), beside, head.failed() == 0 ? "" : ", " + head.failed() + " failed"));
        }
        return String.join("\n", lines);
    }

    private static String share(Compared.Head head) {
        return head.comparedTokens() == 0 ? "no tokens" : String.format(Locale.ROOT, "%.1f %% of tokens before a difference",
                100.0 * head.equalTokens() / head.comparedTokens());
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
