/**
 * How a token is chosen of the model's scores.
 *
 * <p>Begin with {@link org.intarsia.engine.sampling.Sampler}. It hands the {@link org.intarsia.engine.sampling.Candidates} to a
 * {@link org.intarsia.engine.sampling.ProcessorChain}: the {@link org.intarsia.engine.sampling.LogitsProcessor}s that a request's
 * {@code Sampling} and the model's {@code generation_config.json} ask for, one class each, as Hugging Face's transformers
 * defines and orders them. {@link org.intarsia.engine.sampling.GenerationRules} reads that file. Private to the engine.
 */
package org.intarsia.engine.sampling;
