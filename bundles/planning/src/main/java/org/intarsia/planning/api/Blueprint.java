package org.intarsia.planning.api;

import java.util.List;
import java.util.Map;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.TransformerCore;

/**
 * What a model is made of, without its weights.
 *
 * @param name     of the configuration or its directory
 * @param family   {@code model_type} in {@code config.json}
 * @param geometry the sizes of the transformer
 * @param pieces   in the order in which data flows: picture encoder, embedding, layers, head, picture decoder. A tensor that
 *                 several need stands in the first of them.
 * @param absent   for each kind of component that the model does not have, why
 * @param work     memory for intermediate values, by what is done: as the memory planner places them, before a backend joins
 *                 steps, and without what kernels need inside
 */
public record Blueprint(String name, String family, TransformerCore.Geometry geometry, List<Piece> pieces,
        Map<String, String> absent, Map<String, Long> work) {

    /** The same under another name. */
    public Blueprint named(String newName) {
        return new Blueprint(newName, family, geometry, pieces, absent, work);
    }

    /**
     * A tensor that a component asks for.
     *
     * @param whole whether all of it is read for each token; of an embedding one row is
     */
    public record Weight(String name, Shape shape, boolean whole) {
        public long parameters() {
            return shape.elements();
        }
    }

    /**
     * What stays together when a model is split over devices.
     *
     * @param component  the kind of component it belongs to
     * @param name       {@code embedding}, {@code layer 17}, …
     * @param cacheBytes bytes of keys and values that it keeps for each token of a stream
     */
    public record Piece(String component, String name, List<Weight> weights, long cacheBytes) {
        public long parameters() {
            return weights.stream().mapToLong(Weight::parameters).sum();
        }
    }
}
