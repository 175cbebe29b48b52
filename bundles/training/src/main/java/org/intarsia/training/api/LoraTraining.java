package org.intarsia.training.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Trains low-rank adapters (LoRA) over models that stay as they are. A service; safe for use by several threads. */
@ProviderType
public interface LoraTraining {

    /**
     * Trains an adapter, or goes on where an earlier run stopped; returns when it is done or cancelled. The folder then holds it in
     * the layout of PEFT. What it has reached is saved from time to time, and when it is cancelled; equal options and data give
     * equal adapters on one backend, with and without interruptions.
     *
     * @param listener hears of progress, and of data that cannot be used
     * @throws TrainingException                     when options, data or folder cannot be used; the message says what mends it
     * @throws org.intarsia.model.api.ModelException when the base model cannot be opened, or does not fit
     */
    Outcome train(Options options, TrainingListener listener);

    /**
     * The base model, the data and the adapter.
     *
     * @param base     an installed model, a model directory, or a GGUF file; it may be quantised
     * @param data     a folder or a file: texts, JSON lines, pictures with captions
     * @param out      the folder for the adapter; made when it is not there
     * @param resume   whether to go on with what is in {@code out}; otherwise it must be empty
     * @param where    the device
     * @param shape    the adapter's; counts for nothing where it starts from another one
     * @param start    an adapter to start from
     * @param schedule how to train
     * @param pictures what is learned from pictures with captions; empty for all that the model can do
     */
    record Options(String base, Path data, Path out, boolean resume, Training.Where where, Shape shape, Optional<Path> start,
            Schedule schedule, Optional<Direction> pictures) {
    }

    /**
     * The shape of a new adapter.
     *
     * @param rank       of each pair
     * @param alpha      what a pair adds counts alpha / rank times
     * @param rootScaled whether alpha / √rank times instead (rsLoRA)
     * @param targets    names of layers, the ends of their paths, such as {@code q_proj}
     */
    record Shape(int rank, double alpha, boolean rootScaled, List<String> targets) {
        public Shape {
            targets = List.copyOf(targets);
        }
    }

    /**
     * Steps, batches and learning rate.
     *
     * @param steps        of the optimizer
     * @param batch        samples in each
     * @param learningRate the same in all
     * @param length       most tokens of a sample, as far as the model's context goes
     * @param seed         of the first weights and of the order of the samples
     */
    record Schedule(int steps, int batch, double learningRate, int length, long seed) {
    }

    /** The lessons that a picture with a caption gives. */
    enum Direction {
        /** To say the caption of the picture. */
        DESCRIBE,
        /** To make the picture of the caption. */
        IMAGINE,
        /** Both. */
        BOTH
    }

    /**
     * The end of a training.
     *
     * @param done    whether all steps were taken; false where it was cancelled
     * @param samples how many the data held
     * @param skipped what of the data could not be used, a clause each
     */
    record Outcome(boolean done, int samples, List<String> skipped) {
        public Outcome {
            skipped = List.copyOf(skipped);
        }
    }
}
