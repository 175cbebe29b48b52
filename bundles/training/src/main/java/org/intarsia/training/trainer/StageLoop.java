package org.intarsia.training.trainer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.graph.Shape;
import org.intarsia.training.api.TrainingListener;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * Steps, checkpoints and progress of one stage. A checkpoint is one safetensors file: weights, optimizer, the number of
 * steps, and whatever else the stage needs to go on exactly.
 */
public final class StageLoop {
    private static final String STEP = "step";
    private static final Duration BETWEEN_CHECKPOINTS = Duration.ofMinutes(2);

    private final String stage;
    private final int steps;
    private final Path checkpoint;
    private final TrainingLog log;
    private final TrainingListener listener;
    private final Trainer trainer;
    private int stepsOfAReport = 20;

    /** One step of the stage's own. */
    public interface Work {
        /**
         * @param step counted from 0
         * @return the loss and the number of samples
         */
        Result step(int step);

        /** What the stage must remember besides the weights, by name; integers. */
        default Map<String, int[]> remember() {
            return Map.of();
        }

        /** Takes up what {@link #remember} gave. */
        default void recall(Map<String, int[]> memory) {
        }
    }

    /**
     * The result of a step.
     *
     * @param loss    of the step
     * @param samples that it learned from
     */
    public record Result(double loss, int samples) {
    }

    /**
     * Gets a stage ready.
     *
     * @param steps   of the whole stage
     * @param folder  of its checkpoint
     */
    public StageLoop(String stage, int steps, Path folder, TrainingLog log, TrainingListener listener, Trainer trainer) {
        this.stage = stage;
        this.steps = steps;
        this.checkpoint = folder.resolve(stage + ".safetensors");
        this.log = log;
        this.listener = listener;
        this.trainer = trainer;
    }

    /** Reports after so many steps, instead of twenty. */
    public StageLoop reporting(int steps) {
        stepsOfAReport = steps;
        return this;
    }

    /**
     * Runs the stage to its end, from its checkpoint if there is one.
     *
     * @return whether it came to its end; false when it was cancelled
     */
    public boolean run(Work work) {
        int done = restore(work);
        long reported = System.nanoTime();
        long saved = reported;
        double loss = 0;
        long samples = 0;
        int counted = 0;
        while (done < steps) {
            if (listener.isCancelled()) {
                save(done, work);
                return false;
            }
            Result result = work.step(done);
            done++;
            loss += result.loss();
            samples += result.samples();
            counted++;
            long now = System.nanoTime();
            if (counted == stepsOfAReport || done == steps) {
                double seconds = (now - reported) / 1e9;
                Duration left = Duration.ofMillis((long) (seconds / counted * (steps - done) * 1000));
                log.step(stage, done, loss / counted, samples / seconds, seconds);
                listener.onStep(new TrainingListener.Step(stage, done, steps, loss / counted, samples / seconds, left));
                reported = now;
                loss = 0;
                samples = 0;
                counted = 0;
            }
            if (now - saved > BETWEEN_CHECKPOINTS.toNanos()) {
                save(done, work);
                saved = now;
            }
        }
        save(done, work);
        return true;
    }

    private int restore(Work work) {
        if (!Files.exists(checkpoint)) {
            return 0;
        }
        try (Weights state = Checkpoint.open(checkpoint)) {
            trainer.restore(state);
            Map<String, int[]> memory = new LinkedHashMap<>();
            state.names().stream().filter(name -> name.startsWith("memory.")).forEach(
                    name -> memory.put(name.substring("memory.".length()), state.get(name).ints()));
            work.recall(memory);
            int done = state.get(STEP).ints()[0];
            log.rewind(stage, done);
            listener.onMessage("stage " + stage + " goes on after step " + done);
            return done;
        }
    }

    private void save(int done, Work work) {
        List<Tensor> tensors = new ArrayList<>(trainer.state());
        tensors.add(Tensor.of(STEP, Shape.of(1), new int[] {done}));
        work.remember().forEach((name, values) -> tensors.add(Tensor.of("memory." + name, Shape.of(values.length), values)));
        Safetensors.write(checkpoint, tensors, Map.of());
    }
}
