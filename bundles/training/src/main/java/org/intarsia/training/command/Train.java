package org.intarsia.training.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.PlacementOptions;
import org.intarsia.shell.api.Progress;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.intarsia.training.api.Training;
import org.intarsia.training.api.TrainingListener;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Trains weights from a recipe. An interrupt (Ctrl-C) saves first; {@code --resume} goes on from there. */
@Component(service = Command.class)
@IntarsiaCommand("train")
public final class Train implements Command {
    private static final Duration TIME_TO_SAVE = Duration.ofSeconds(30);

    @Reference
    private Training training;

    @Override
    public Syntax syntax() {
        return PlacementOptions.device(Syntax.of("train", "trains weights")
                .required("RECIPE", "a recipe in the box, such as picturebook, or a JSON file")
                .option("--out", "DIR", "the folder for the model; the recipe's name by default")
                .flag("--resume", "go on with what is in that folder")
                .option(PlacementOptions.BACKEND, "NAME", "the backend to compute on; cpu by default")
                .option("--steps", "N", "stop each stage after so many steps, to try a recipe out"))
                .values(PlacementOptions.BACKEND, Syntax.Kind.BACKEND)
                .example("train picturebook --out mine --resume", "goes on with what is in the folder mine");
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
        int steps = arguments.integer("--steps", 0, 0, Integer.MAX_VALUE);
        CountDownLatch finished = new CountDownLatch(1);
        try (Progress progress = console.progress()) {
            Listener listener = new Listener(console, progress);
            Thread hook = new Thread(() -> listener.stopAndAwait(finished), "save-training");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                train(new Training.Options(recipe, out, arguments.flag("--resume"),
                        new Training.Where(arguments.value(PlacementOptions.BACKEND).orElse("cpu"), arguments.value(PlacementOptions.DEVICE)),
                        steps), listener);
            } finally {
                finished.countDown();
                if (!listener.ending) {
                    Runtime.getRuntime().removeShutdownHook(hook);
                }
            }
            Outcome outcome = new Outcome(out.toString(), !listener.cancelled, listener.loss);
            return new Result(outcome, outcome.done() ? "trained " + out : "stopped; go on with: train " + recipe
                    + " --out " + out + " --resume");
        }
    }

    /** Trains on a thread of its own, which no interrupt reaches: an interrupted thread could not save. */
    private void train(Training.Options options, Listener listener) throws Exception {
        FutureTask<Void> work = new FutureTask<>(() -> {
            training.train(options, listener);
            return null;
        });
        Thread.ofPlatform().name("train").start(work);
        while (true) {
            try {
                work.get();
                return;
            } catch (InterruptedException e) {
                listener.cancelled = true;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }

    private static String nameOf(String recipe) {
        String file = Path.of(recipe).getFileName().toString();
        return file.endsWith(".json") ? file.substring(0, file.length() - ".json".length()) : file;
    }

    /** Shows each report on one line, and remembers whether the process is to end. */
    private static final class Listener implements TrainingListener {
        private final Console console;
        private final Progress progress;
        private volatile boolean cancelled;
        /** Set when the process ends. */
        private volatile boolean ending;
        private volatile double loss;

        Listener(Console console, Progress progress) {
            this.console = console;
            this.progress = progress;
        }

        @Override
        public void onStep(Step step) {
            loss = step.loss();
            progress.show(String.format(Locale.ROOT, "%s: step %d of %d, loss %.4f, %.1f samples/s, %s left", step.stage(),
                    step.step(),
                    step.steps(), step.loss(), step.samplesPerSecond(), clock(step.left())));
        }

        private static String clock(Duration time) {
            return String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
        }

        @Override
        public void onMessage(String message) {
            console.err().println(message);
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        private void stopAndAwait(CountDownLatch finished) {
            ending = true;
            cancelled = true;
            try {
                if (!finished.await(TIME_TO_SAVE.toSeconds(), TimeUnit.SECONDS)) {
                    console.err().println("the training did not stop in time; its last checkpoint stays");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
