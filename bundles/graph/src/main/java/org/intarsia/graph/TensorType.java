package org.intarsia.graph;

import java.util.Map;

/** What a tensor is: its shape and how its elements are encoded. */
public record TensorType(Shape shape, Encoding encoding) {

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
