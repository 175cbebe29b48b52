package org.intarsia.training.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** Trains models on the graphs and backends that also run them. Safe for use by several threads. */
@ProviderType
public interface Training {

    /** The names of the recipes in the box. */
    List<String> recipes();

    /**
     * Trains a model from nothing, or goes on where an earlier run stopped; returns when it is done or cancelled.
     *
     * <p>What it has reached is saved from time to time, and when it is cancelled; equal recipes give equal weights on one
     * backend, with and without interruptions.
     *
     * @param options  what to train, where and how
     * @param listener hears of progress and may cancel
     * @throws TrainingException when the recipe or the folder cannot be used; the message says what mends it
     */
    void train(Options options, TrainingListener listener);

    /**
     * Measures how fast a recipe trains, from fresh weights and with the very steps of {@link #train}, after a short
     * warm-up. Nothing is kept.
     *
     * @param recipe   the name of a recipe in the box, or a JSON file
     * @param where    the device
     * @param each     how long to measure each stage; at least one step is measured
     * @param progress hears what is being done, one sentence
     * @return one rate for the image tokenizer and one for the transformer
     * @throws TrainingException when the recipe cannot be used; the message says what mends it
     */
    List<Rate> measure(String recipe, Where where, Duration each, Consumer<String> progress);

    /**
     * How fast a stage trains.
     *
     * @param stage                    what was trained, named as in {@link TrainingListener.Step}
     * @param samplesPerSecond         samples learned from
     * @param floatOperationsPerSecond the matrix products and convolutions of those steps, forward and backward, as
     *                                 {@link org.intarsia.graph.Work} counts them
     */
    record Rate(String stage, double samplesPerSecond, double floatOperationsPerSecond) {
    }

    /**
     * A device.
     *
     * @param backend the backend's name
     * @param device  the name of one of its devices; empty for its best
     */
    record Where(String backend, Optional<String> device) {
    }

    /**
     * What to train.
     *
     * @param recipe  the name of a recipe in the box, or a JSON file
     * @param out     the folder for the model; made when it is not there
     * @param resume  whether to go on with what is in {@code out}; otherwise it must be empty
     * @param where   the device
     * @param steps   stop each stage after so many steps, for trying a recipe out; 0 for the recipe's own
     */
    record Options(String recipe, Path out, boolean resume, Where where, int steps) {
    }
}
