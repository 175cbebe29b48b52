package org.intarsia.planning;

import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** In which encoding a tensor is stored when a whole model shall be in one. */
final class Storage {
    private Storage() {
    }

    /**
     * Blocks are for matrices with rows of whole blocks; what cannot have them, and is small, keeps two bytes an element
     * where it is a kernel, and four where it is a norm or a bias.
     */
    static Encoding of(Shape shape, Encoding wanted) {
        if (!wanted.isBlockQuantised()) {
            return wanted;
        }
        if (shape.rank() == 2 && shape.size(1) % wanted.blockElements() == 0) {
            return wanted;
        }
        return shape.rank() > 1 ? Encoding.BF16 : Encoding.F32;
    }

    static long bytes(Shape shape, Encoding wanted) {
        return new TensorType(shape, of(shape, wanted)).bytes();
    }
}
