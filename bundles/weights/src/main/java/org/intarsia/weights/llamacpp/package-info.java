/**
 * Writes a checkpoint of Hugging Face's layout as llama.cpp expects it in a GGUF file: its metadata, its names of tensors,
 * its order of rows in queries and keys, and the tokenizer.
 *
 * <p>Begin with {@link org.intarsia.weights.llamacpp.LlamaCppModel}, which says for a model directory what the file holds.
 * {@link org.intarsia.weights.llamacpp.TextFamilies} is the table of the families: a further one is an entry there. What a
 * family's table does not know, and what changes the result, is refused by its name rather than left out.
 */
package org.intarsia.weights.llamacpp;
