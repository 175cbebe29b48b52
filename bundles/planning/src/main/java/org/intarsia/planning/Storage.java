package org.intarsia.planning;

import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** In which encoding a tensor is stored when a whole model shall be in one. */
final class Storage {
    private Storage() {
    }

    /**
     * Blocks are for the matrices of linear layers and embeddings, with rows of whole blocks. Kernels of convolutions and a
     * codebook, whose nearest entries would become others, keep two bytes an element; norms and biases four.
     */
    static Encoding of(String name, Shape shape, Encoding wanted) {
        if (!wanted.isBlockQuantised()) {
            return wanted;
        }
        if (shape.rank() < 2 || name.contains("norm")) {
            return Encoding.F32;
        }
        boolean matrix = shape.rank() == 2 && shape.size(1) % wanted.blockElements() == 0 && !name.contains("quantize.");
        return matrix ? wanted : Encoding.BF16;
    }

    static TensorType type(String name, Shape shape, Encoding wanted) {
        return new TensorType(shape, of(name, shape, wanted));
    }
}
