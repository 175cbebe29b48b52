/**
 * Ops that know the places of a token stream: attention with its gradient, rotary positions, and the writing of a cache.
 *
 * <p>Begin with {@link org.intarsia.backend.cpu.attention.SequenceSteps}. {@link org.intarsia.backend.cpu.attention.AttentionStep}
 * attends to one row of keys, made of products; {@link org.intarsia.backend.cpu.attention.PagedAttentionStep} to keys in blocks, token
 * by token, in an order of sums that depends on the position of a token alone.
 * {@link org.intarsia.backend.cpu.attention.AttentionGradientStep} computes the weights again instead of keeping them. Sizes and checks
 * of positions stand in {@link org.intarsia.backend.cpu.attention.AttentionPlaces} and
 * {@link org.intarsia.backend.cpu.attention.PagedPlaces}; a position that does not lie in the context ends the run.
 */
package org.intarsia.backend.cpu.attention;
