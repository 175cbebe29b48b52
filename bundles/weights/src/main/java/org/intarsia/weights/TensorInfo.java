package org.intarsia.weights;

import org.intarsia.graph.Shape;

/**
 * What a checkpoint says about a tensor.
 *
 * @param encoding how the file's format calls the type of its elements; that of {@link org.intarsia.graph.Encoding} where
 *                 the tensor can be used
 * @param bytes    how many it takes
 */
public record TensorInfo(String name, String encoding, Shape shape, long bytes) {

    /** How many values it has. */
    public long elements() {
        return shape.elements();
    }
}
