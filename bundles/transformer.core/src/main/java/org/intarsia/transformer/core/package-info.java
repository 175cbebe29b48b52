/**
 * The decoder-only transformer families: Chameleon (with Anole and Lumina-mGPT), Llama, Janus, Emu3. Begin with
 * {@link org.intarsia.transformer.core.DecoderCore}, which writes the transformer down that they share, layer by layer, as
 * a graph; {@link org.intarsia.transformer.core.DecoderConfig} holds its sizes and variants.
 *
 * <p>A family is a factory, which is what the framework sees and which says where things stand in {@code config.json} and
 * what weights are called; a format, which says how text and pictures stand in its streams; and what else it has
 * ({@link org.intarsia.transformer.core.JanusCore}: an embedding and scores of their own for picture codes). To add one,
 * add these and register the factory as a service of its own name.
 */
package org.intarsia.transformer.core;
