package org.intarsia.transformer.decoder;

/**
 * What stands before the first layer of a decoder, and behind the last one.
 *
 * @param scale factor on the embeddings of tokens
 * @param cap   what the scores of tokens approach but never reach; 0 for none
 * @param tied  whether the scores of the tokens come from the embedding matrix where the checkpoint has no matrix for them
 */
public record Ends(double scale, double cap, boolean tied) {
}
