/**
 * The decoder-only transformer families: Chameleon (with Anole and Lumina-mGPT), Janus, Emu3, Liquid, Qwen2.5-VL, and those of
 * text alone, Llama, Qwen2, Qwen3, Mistral, Gemma 2 and Gemma 3. The transformer that they share is {@code DecoderCore} in the package
 * {@code decoder} beside this one.
 *
 * <p>A family is a factory, which is what the framework sees and which says where things stand in {@code config.json}, what
 * weights are called, and by what the decoder differs from Llama's; a format, which says how text and pictures stand in its
 * streams; and what else it has ({@link org.intarsia.transformer.core.JanusCore}: an embedding and scores of their own for
 * picture codes). To add one, add these and register the factory as a service of its own name; a family of text alone
 * extends {@link org.intarsia.transformer.core.TextCoreFactory}, which needs no more than what differs.
 */
package org.intarsia.transformer.core;
