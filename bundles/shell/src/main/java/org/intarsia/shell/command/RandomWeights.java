package org.intarsia.shell.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.intarsia.graph.Encoding;
import org.intarsia.planning.api.Planner;
import org.intarsia.shell.Arguments;
import org.intarsia.shell.Console;
import org.intarsia.shell.Progress;
import org.intarsia.shell.Result;
import org.intarsia.shell.UsageException;

/** {@code weights random}: a checkpoint of random weights, to measure with. An interrupt (Ctrl-C) keeps what is written. */
final class RandomWeights {
    static final String CONFIG = "FILE";
    static final String ENCODING = "--encoding";
    static final String OUT = "--out";
    static final String SEED = "--seed";
    private static final long TIME_TO_STOP_SECONDS = 30;

    private final Planner planner;
    private volatile boolean stopped;

    RandomWeights(Planner planner) {
        this.planner = planner;
    }

    Result run(Arguments arguments, Console console) throws UsageException {
        String asked = arguments.values(CONFIG).getFirst();
        Path path = arguments.resolve(CONFIG, asked);
        String config = !planner.shapes().contains(asked) && Files.exists(path) ? path.toString() : asked;
        Encoding encoding = encoding(arguments);
        Path out = arguments.path(OUT).orElseThrow(() -> arguments.wrong(OUT + " DIR is missing"));
        CountDownLatch finished = new CountDownLatch(1);
        Thread hook = new Thread(() -> stopAndAwait(finished), "stop-writing");
        Runtime.getRuntime().addShutdownHook(hook);
        long start = System.nanoTime();
        long[] written = new long[1];
        try (Progress progress = console.progress()) {
            planner.write(config, encoding, out, arguments.integer(SEED).orElse(0), (at, bytes) -> {
                if (stopped) {
                    throw new CancellationException("stopped; the same command goes on where it was");
                }
                written[0] = at;
                progress.show("%.1f of %.1f GB, %.0f MB/s".formatted(at / 1e9, bytes / 1e9, at / 1e6 / since(start)));
            });
        } finally {
            finished.countDown();
            if (!stopped) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
        Made made = new Made(out.toString(), encoding, written[0], since(start));
        return new Result(made, "%s: %.2f GB of random weights in %.1f s".formatted(out, made.bytes() / 1e9, made.seconds()));
    }

    private Encoding encoding(Arguments arguments) throws UsageException {
        String name = arguments.value(ENCODING).orElse(Encoding.BF16.name());
        Optional<Encoding> encoding = planner.writable().stream().filter(known -> known.name().equals(name)).findFirst();
        return encoding.orElseThrow(() -> arguments.wrong(ENCODING + " of random weights is one of " + planner.writable()
                + ", not '" + name + "'"));
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private void stopAndAwait(CountDownLatch finished) {
        stopped = true;
        try {
            // What is left behind can be gone on with at any point; waiting only spares a piece.
            finished.await(TIME_TO_STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What {@code --json} prints. */
    public record Made(String out, Encoding encoding, long bytes, double seconds) {
    }
}
