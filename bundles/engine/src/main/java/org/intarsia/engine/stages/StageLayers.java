package org.intarsia.engine.stages;

import org.intarsia.backend.api.Precision;
import org.intarsia.graph.Encoding;

/**
 * The layers that a stage computes, and how.
 *
 * @param weights   {@code sha256:} and the hash of the model's weights, see {@link org.intarsia.weights.Weights#hash}
 * @param first     the first layer, counted from 0; at least 1, as the embedding belongs to the first stage
 * @param last      the last layer
 * @param tokens    the most tokens of a step
 * @param blocks    of keys and values at first
 * @param blockSize tokens of a block
 * @param cache     how keys and values are kept
 * @param precision how exactly it computes
 * @param graph     64 hexadecimal digits that tell whether both sides compute the same: a hash of the stage's graph
 */
public record StageLayers(String weights, int first, int last, int tokens, int blocks, int blockSize, Encoding cache,
        Precision precision, String graph) {

    /** Returns the same with the hash of a graph. */
    public StageLayers with(String hash) {
        return new StageLayers(weights, first, last, tokens, blocks, blockSize, cache, precision, hash);
    }
}
