/**
 * How weights are trained. The way through: {@link org.intarsia.training.PicturebookTraining} starts a
 * {@link org.intarsia.training.TrainingRun}, which goes from stage to stage as {@link org.intarsia.training.Stages} sets
 * them up: {@link org.intarsia.training.BytePairTrainer} makes the tokenizer, {@link
 * org.intarsia.training.ImageTokenizerStage} the image tokenizer (and then its decoder alone), which learns to give
 * {@link org.intarsia.training.BlockCodes}; {@link org.intarsia.training.CoreStage} trains the transformer, with the
 * samples of {@link org.intarsia.training.Lessons}. {@link org.intarsia.training.Measurement} measures how fast.
 *
 * <p>Both neural stages run on {@link org.intarsia.training.Trainer}: each worker computes the gradients of its share of
 * a batch with a plan of its own on a thread of its own; one more plan adds them in a fixed order and takes an
 * {@link org.intarsia.training.AdamW} step.
 */
package org.intarsia.training;
