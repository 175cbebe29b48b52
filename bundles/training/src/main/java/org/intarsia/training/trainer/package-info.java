/**
 * Optimizer steps on a device, their checkpoints and their log, whatever is trained.
 *
 * <p>Begin with {@link org.intarsia.training.trainer.StageLoop}, which takes the steps of one stage, saves and reports, and
 * goes on where it stopped. {@link org.intarsia.training.trainer.Trainer} computes a step: each worker computes the
 * gradients of its share of a batch with a plan of its own on a thread of its own; one more plan adds them in a fixed order
 * and takes an {@code AdamW} step. The trainer owns these threads and its device memory until it is closed, and is used by
 * one thread. {@link org.intarsia.training.trainer.TrainingLog} keeps the losses;
 * {@link org.intarsia.training.trainer.Places} finds device and folder.
 */
package org.intarsia.training.trainer;
