package org.intarsia.weights;

import java.lang.foreign.MemorySegment;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * A named tensor in memory, usually inside a mapped file.
 *
 * @param name    as the checkpoint has it
 * @param type    its fixed shape and its encoding
 * @param content its bytes, little-endian and row-major; usable as long as the {@link Weights} it comes from are open
 */
public record Tensor(String name, TensorType type, MemorySegment content) {
    public Shape shape() {
        return type.shape();
    }
}
