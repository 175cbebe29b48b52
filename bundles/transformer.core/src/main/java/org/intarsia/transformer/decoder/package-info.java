/**
 * The decoder-only transformer that all families share. Begin with {@link org.intarsia.transformer.decoder.DecoderCore},
 * which writes it down as a graph, layer by layer; {@link org.intarsia.transformer.decoder.DecoderConfig} holds its sizes,
 * what all layers have alike ({@link org.intarsia.transformer.decoder.Block}) and what differs from one to the next
 * ({@link org.intarsia.transformer.decoder.LayerVariant}).
 *
 * <p>{@link org.intarsia.transformer.decoder.DecoderConfig#read} reads the fields that Llama has. A family with others
 * implements {@link org.intarsia.transformer.decoder.FamilyVariant}; it says what it changes, and which fields it follows
 * that {@link org.intarsia.transformer.decoder.Variants} refuses for all others.
 */
package org.intarsia.transformer.decoder;
