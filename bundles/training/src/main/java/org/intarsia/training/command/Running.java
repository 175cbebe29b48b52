package org.intarsia.training.command;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.Progress;
import org.intarsia.training.api.TrainingListener;

/** A training that runs: shows each report on one line, and lets an interrupt (Ctrl-C) end it only when it has saved. */
final class Running implements TrainingListener {
    private static final Duration TIME_TO_SAVE = Duration.ofSeconds(30);

    private final Console console;
    private final Progress progress;
    private volatile boolean cancelled;
    /** Set when the process ends. */
    private volatile boolean ending;
    private volatile double loss;

    /** A training that can be cancelled. */
    interface Work<R> {
        R run(TrainingListener listener);
    }

    /**
     * The end of a run.
     *
     * @param value     what the training gave
     * @param cancelled whether it was stopped before its end
     * @param loss      of the last report
     */
    record Ended<R>(R value, boolean cancelled, double loss) {
    }

    private Running(Console console, Progress progress) {
        this.console = console;
        this.progress = progress;
    }

    /** Runs a training to its end, or until it was interrupted and has saved. */
    static <R> Ended<R> run(Console console, Work<R> work) throws Exception {
        CountDownLatch finished = new CountDownLatch(1);
        try (Progress progress = console.progress()) {
            Running running = new Running(console, progress);
            Thread hook = new Thread(() -> running.stopAndAwait(finished), "save-training");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                R value = running.await(work);
                return new Ended<>(value, running.cancelled, running.loss);
            } finally {
                finished.countDown();
                if (!running.ending) {
                    Runtime.getRuntime().removeShutdownHook(hook);
                }
            }
        }
    }

    /** Trains on a thread of its own, which no interrupt reaches: an interrupted thread could not save. */
    private <R> R await(Work<R> work) throws Exception {
        FutureTask<R> task = new FutureTask<>(() -> work.run(this));
        Thread.ofPlatform().name("train").start(task);
        while (true) {
            try {
                return task.get();
            } catch (InterruptedException e) {
                cancelled = true;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }

    @Override
    public void onStep(Step step) {
        loss = step.loss();
        progress.show(String.format(Locale.ROOT, "%s: step %d of %d, loss %.4f, %.1f samples/s, %s left", step.stage(), step.step(),
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
