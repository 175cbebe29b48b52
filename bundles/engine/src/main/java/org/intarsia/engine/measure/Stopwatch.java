package org.intarsia.engine.measure;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceLostException;
import org.intarsia.engine.api.Meter;
import org.intarsia.engine.api.Meter.Rate;

/**
 * Measures for a given time, unless its thread is interrupted.
 *
 * @param each    how long to measure a rate
 * @param longest how long a run may take that is begun
 */
record Stopwatch(Duration each, Duration longest) {
    /** What the JVM runs for the first time is up to a hundred times slower, and still slow a few times later. */
    private static final int FEWEST_RUNS = 6;

    Stopwatch(Duration each) {
        this(each, each.multipliedBy(Meter.LONGEST));
    }

    /** @throws CancellationException when the thread was interrupted */
    static void goOn() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the measuring was interrupted");
        }
    }

    /** Seconds of the fastest run: machines are shared, and the first runs are slow. */
    double fastest(Runnable work) {
        return least(() -> {
            long start = System.nanoTime();
            work.run();
            return (System.nanoTime() - start) / 1e9;
        });
    }

    /** The same where a run itself says how many seconds count. */
    double least(DoubleSupplier run) {
        double least = Double.POSITIVE_INFINITY;
        double passed = 0;
        double last = 0;
        for (int runs = 0; runs == 0 || passed < seconds(each)
                || runs < FEWEST_RUNS && !isTooLong(passed + last); runs++) {
            goOn();
            long start = System.nanoTime();
            least = Math.min(least, run.getAsDouble());
            last = (System.nanoTime() - start) / 1e9;
            passed += last;
        }
        return least;
    }

    /** Whether a run that takes so many seconds is not worth its time. */
    boolean isTooLong(double runSeconds) {
        return runSeconds > seconds(longest);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /**
     * A rate, unless a run would take too long or the device refuses.
     *
     * @param runSeconds how long one is expected to take
     * @param measured   measures the rate
     */
    Rate rate(double runSeconds, Supplier<Rate> measured) {
        if (isTooLong(runSeconds)) {
            return Rate.tooLong(runSeconds);
        }
        try {
            return measured.get();
        } catch (DeviceLostException e) {
            // There is nothing left to measure.
            throw e;
        } catch (BackendException e) {
            return Rate.none(e.getMessage());
        }
    }
}
