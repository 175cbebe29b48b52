package org.intarsia.soak.command;

import java.util.Locale;
import java.util.Optional;
import org.intarsia.engine.api.Engine;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.PlacementOptions;
import org.intarsia.shell.api.Progress;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Sizes;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.intarsia.soak.api.Soak;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Swaps everything while generations run, and says what was lost. */
@Component(service = Command.class)
@IntarsiaCommand("soak")
public final class SoakCommand implements Command {
    private static final int MANY = 1_000_000;
    private static final int SECONDS = 300;
    private static final int GENERATIONS = 100;
    private static final int SWAPS = 200;
    private static final long SEED = 2026;

    private final Soak soak;

    @Activate
    public SoakCommand(@Reference Soak soak) {
        this.soak = soak;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("soak", "swaps, stops, updates and reinstalls everything while generations run, and counts what is lost")
                .option("--seconds", "N", "how long; " + SECONDS + " where not given")
                .option("--generations", "N", "how many are in flight at a time; " + GENERATIONS + " where not given")
                .option("--swaps", "N", "how many swaps; " + SWAPS + " where not given")
                .option(PlacementOptions.SEED, "N", "begins the random choice of swaps; " + SEED + " where not given")
                .option(PlacementOptions.MODEL, "NAME", "the installed model that works; " + Engine.DEFAULT_MODEL + " where not given")
                .values(PlacementOptions.MODEL, Syntax.Kind.MODEL)
                .example("soak", "five minutes, a hundred generations in flight, two hundred swaps")
                .example("soak --seconds 20 --generations 10 --swaps 20", "a short run");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException, InterruptedException {
        Soak.Settings settings = new Soak.Settings(arguments.value(PlacementOptions.MODEL).orElse(Engine.DEFAULT_MODEL),
                arguments.integer("--seconds", SECONDS, 1, MANY), arguments.integer("--generations", GENERATIONS, 1, MANY),
                arguments.integer("--swaps", SWAPS, 0, MANY), arguments.integer(PlacementOptions.SEED).orElse(SEED));
        try (Progress progress = console.progress()) {
            Soak.Report report = soak.run(settings, progress::show);
            return new Result(report, text(report), report.isClean() ? Optional.empty()
                    : Optional.of("the soak is not clean: " + report.firstProblem().orElse("something was left behind")));
        }
    }

    private static String text(Soak.Report report) {
        StringBuilder text = new StringBuilder();
        report.kinds().forEach((kind, count) -> text.append(String.format(Locale.ROOT, "%5d  %s%n", count, kind)));
        return text.append(String.format(Locale.ROOT, """
                %s in %.0f s, %s in flight; %d ended, %d of them on more than one device
                failed: %d; told that something was away for too long: %d; other tokens on another backend: %d
                pauses of generations in which something was swapped: 99 of 100 at most %.0f ms, longest %.0f ms; from token to
                token without a swap: half of them at most %.0f ms
                left behind: %s, %s, %s, %s on devices%s%s""", Sizes.counted(report.swaps(), "swap"),
                report.seconds(), Sizes.counted(report.inFlight(), "generation"), report.generations(), report.moved(), report.failed(), report.told(),
                report.diverged(), report.pauseP99Ms(), report.pauseMaxMs(), report.gapP50Ms(), Sizes.counted(report.leakedClassLoaders(), "class loader"),
                Sizes.counted(report.leakedThreads(), "thread"), report.leakedMappings() < 0 ? "mapped files are not told here"
                        : Sizes.counted(report.leakedMappings(), "mapped file"), Sizes.counted(report.leakedBuffers(), "byte"),
                report.left().isEmpty() ? "" : ": " + String.join(", ", report.left()),
                report.firstProblem().map(problem -> "\nfirst: " + problem).orElse(""))).toString();
    }
}
