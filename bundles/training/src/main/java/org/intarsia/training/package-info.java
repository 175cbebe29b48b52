/**
 * The training of weights. {@link org.intarsia.training.PicturebookTraining} is the service; it starts a
 * {@link org.intarsia.training.TrainingRun}, which goes from stage to stage as {@link org.intarsia.training.Stages} sets
 * them up: {@link org.intarsia.training.BytePairTrainer} makes the tokenizer, then come the stages of
 * {@link org.intarsia.training.stages}. {@link org.intarsia.training.Measurement} measures how fast.
 *
 * <p>The chapters, each of which imports only those before it:
 * <ol>
 * <li>{@link org.intarsia.training.api}: the services, as a caller sees them; the only one that is exported.
 * <li>{@link org.intarsia.training.trainer}: optimizer steps on a device, their checkpoints and their log.
 * <li>{@link org.intarsia.training.recipe}: what decides what a training gives.
 * <li>{@link org.intarsia.training.codes}: which codes a picture has, and the tables behind codes; imports none of the
 * others.
 * <li>{@link org.intarsia.training.stages}: the image tokenizer and the transformer in training.
 * </ol>
 * This package is the last of these. Beside it, {@link org.intarsia.training.lora} trains adapters on the trainer alone, and
 * {@link org.intarsia.training.command} has the shell's commands.
 *
 * <p>A training runs on the thread that calls it; only {@link org.intarsia.training.trainer.Trainer} starts threads.
 */
package org.intarsia.training;
