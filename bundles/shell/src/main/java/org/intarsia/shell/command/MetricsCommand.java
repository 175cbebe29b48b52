package org.intarsia.shell.command;

import java.util.Locale;
import java.util.stream.Collectors;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Metrics;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Sizes;
import org.intarsia.shell.api.Syntax;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Shows what the engine does and has done. */
@Component(service = Command.class)
@IntarsiaCommand("metrics")
public final class MetricsCommand implements Command {
    private final Engine engine;

    @Activate
    public MetricsCommand(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("metrics", "shows generations in flight, tokens/s, pauses of swaps, and memory by device")
                .example("metrics", "in the interactive shell, or in a script, while generations run");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        Metrics metrics = engine.metrics();
        return new Result(metrics, String.format(Locale.ROOT, """
                generations: %d in flight (%d %s for something that has left), %d finished, %d failed
                queue: %s
                tokens: %d, %.1f a second
                %s
                %s
                memory: %s%s""", metrics.inFlight(), metrics.waiting(),
                metrics.waiting() == 1 ? "waits" : "wait", metrics.finished(), metrics.failed(),
                metrics.queue() == 1 ? "1 step waits for its turn" : metrics.queue() + " steps wait for their turn", metrics.tokens(), metrics.tokensPerSecond(),
                line("between tokens", metrics.gaps()), line("pauses of swaps", metrics.pauses()),
                metrics.memory().isEmpty() ? "no device is open" : metrics.memory().entrySet().stream()
                        .map(entry -> String.format(Locale.ROOT, "%.1f MB on %s", entry.getValue() / 1e6, entry.getKey()))
                        .collect(Collectors.joining("; ")),
                metrics.leakedBytes() == 0 ? "" : String.format(Locale.ROOT, "; %s left behind",
                        Sizes.counted(metrics.leakedBytes(), "byte"))));
    }

    private static String line(String what, Metrics.Spans spans) {
        return spans.count() == 0 ? what + ": none" : String.format(Locale.ROOT,
                "%s: %d, half of them at most %.0f ms, 99 of 100 at most %.0f ms, longest %.0f ms",
                what, spans.count(), spans.p50Ms(), spans.p99Ms(), spans.maxMs());
    }
}
