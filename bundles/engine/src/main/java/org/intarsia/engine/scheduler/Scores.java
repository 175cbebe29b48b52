package org.intarsia.engine.scheduler;

/**
 * What a generation has waited for.
 *
 * @param scores  for each of its streams, behind its last token and then behind each proposed one, by id the scores of all tokens
 * @param where   the device that has computed them
 * @param swapped whether the device is another than at the generation's step before
 */
public record Scores(float[][][] scores, String where, boolean swapped) {
}
