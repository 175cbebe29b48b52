/**
 * Logits processors and warpers that a model's {@code generation_config.json} asks for, as Hugging Face's transformers
 * defines them.
 *
 * <p>{@link org.intarsia.engine.logits.GenerationRules} reads the file and holds the chain; a further processor is a class
 * of its own and an entry there. Private to the engine.
 */
package org.intarsia.engine.logits;
