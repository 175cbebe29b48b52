/**
 * The two networks in training, step by step.
 *
 * <p>Begin with {@link org.intarsia.training.stages.ImageTokenizerStage}, which trains the image tokenizer (and then its
 * decoder alone) by the graphs of {@link org.intarsia.training.stages.ImageTokenizerGraphs}; then
 * {@link org.intarsia.training.stages.CoreStage}, which trains the transformer on what
 * {@link org.intarsia.training.stages.StreamWriter} writes. {@link org.intarsia.training.stages.Pictures} paints for both. A
 * stage is used by one thread; it fills its inputs on the threads of the trainer's workers, with which it shares only what
 * is safe to share.
 */
package org.intarsia.training.stages;
