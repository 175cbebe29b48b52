package org.intarsia.planning;

import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.weights.tool.Conversion;

/** In which encoding a tensor is stored when a whole model shall be in one. */
final class Storage {
    private Storage() {
    }

    /**
     * As {@link Conversion} does it, what blocks do not fit keeps two bytes an element where it is a kernel or a table, and
     * four where it is a norm or a bias.
     */
    static Encoding of(String name, Shape shape, Encoding wanted) {
        if (Conversion.fits(name, shape, wanted)) {
            return wanted;
        }
        return shape.rank() < 2 || name.contains("norm") ? Encoding.F32 : Encoding.BF16;
    }

    static TensorType type(String name, Shape shape, Encoding wanted) {
        return new TensorType(shape, of(name, shape, wanted));
    }
}
