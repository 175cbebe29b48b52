package org.intarsia.graph;

import java.util.Map;

/**
 * What a tensor is: its shape and how its elements are encoded.
 *
 * @param encoding a block-quantised one only where rows, along the last axis, are made of whole blocks
 */
public record TensorType(Shape shape, Encoding encoding) {
    public TensorType {
        if (encoding.isBlockQuantised() && (shape.rank() == 0 || !shape.dim(-1).isFixed()
                || shape.size(-1) % encoding.blockElements() != 0)) {
            throw new GraphException("type: rows of " + encoding + " must be multiples of " + encoding.blockElements()
                    + " elements, which those of " + shape + " are not");
        }
    }

    public static TensorType f32(Shape shape) {
        return new TensorType(shape, Encoding.F32);
    }

    public static TensorType f32(long... sizes) {
        return f32(Shape.of(sizes));
    }

    public static TensorType i32(Shape shape) {
        return new TensorType(shape, Encoding.I32);
    }

    public static TensorType i32(long... sizes) {
        return i32(Shape.of(sizes));
    }

    /** The bytes that the tensor takes; named dimensions count with their bounds. */
    public long bytes() {
        return encoding.bytes(shape.bounded().elements());
    }

    public TensorType bind(Map<String, Long> sizes) {
        return shape.isFixed() ? this : new TensorType(shape.bind(sizes), encoding);
    }

    @Override
    public String toString() {
        return encoding + shape.toString();
    }
}
