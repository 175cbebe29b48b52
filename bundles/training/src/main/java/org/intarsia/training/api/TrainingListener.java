package org.intarsia.training.api;

import java.time.Duration;
import org.osgi.annotation.versioning.ConsumerType;

/** Hears how a training goes, on the thread that trains. */
@ConsumerType
public interface TrainingListener {

    /**
     * A step was done.
     *
     * @param stage            what is being trained, for example {@code core}
     * @param step             steps done in this stage
     * @param steps            steps of this stage
     * @param loss             loss, averaged over the last steps
     * @param samplesPerSecond over the last steps
     * @param left             expected time to the end of this stage
     */
    record Step(String stage, int step, int steps, double loss, double samplesPerSecond, Duration left) {
    }

    void onStep(Step step);

    /** Something else to tell, one sentence. */
    void onMessage(String message);

    /** Whether to save and stop now. */
    boolean isCancelled();
}
