package org.intarsia.weights;

import java.lang.foreign.MemorySegment;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * A named tensor in memory, usually inside a mapped file.
 *
 * @param name    as the checkpoint has it
 * @param type    its fixed shape and its encoding
 * @param content its bytes, little-endian and row-major, at an address that is a multiple of the element size, or of two
 *                bytes where it is block-quantised; usable as long as the {@link Weights} it comes from are open
 */
public record Tensor(String name, TensorType type, MemorySegment content) {

    public Tensor {
        if (content.byteSize() != type.bytes()) {
            throw new WeightsException("the tensor '" + name + "' of type " + type + " takes " + type.bytes()
                    + " bytes, but its content has " + content.byteSize());
        }
    }

    /** An F32 tensor with a copy of these values, in memory that lives as long as the tensor is reachable. */
    public static Tensor of(String name, Shape shape, float[] values) {
        return Elements.copyOf(name, TensorType.f32(shape), MemorySegment.ofArray(values));
    }

    /** An I32 tensor with a copy of these values, in memory that lives as long as the tensor is reachable. */
    public static Tensor of(String name, Shape shape, int[] values) {
        return Elements.copyOf(name, TensorType.i32(shape), MemorySegment.ofArray(values));
    }

    /** A U8 tensor with a copy of these values, in memory that lives as long as the tensor is reachable. */
    public static Tensor of(String name, Shape shape, byte[] values) {
        return Elements.copyOf(name, new TensorType(shape, Encoding.U8), MemorySegment.ofArray(values));
    }

    public Shape shape() {
        return type.shape();
    }

    /** The floating-point values that the tensor stands for, exactly. */
    public float[] floats() {
        return Elements.floats(this);
    }

    /**
     * Some of the floating-point values, for tensors that are too large for one array.
     *
     * @param first the first of them; it and their number are whole blocks where the tensor is block-quantised
     */
    public float[] floats(long first, int count) {
        float[] values = new float[count];
        Elements.floats(this, first, values, 0, count);
        return values;
    }

    /**
     * The values of an I32, I64 or U8 tensor.
     *
     * @throws WeightsException when a value does not fit into 32 bits
     */
    public int[] ints() {
        return Elements.ints(this);
    }

    /**
     * This tensor in another encoding of the same kind, floating point or integer: a copy in memory that lives as long as
     * it is reachable, or this tensor itself when it is stored so already. Values that the other encoding does not have
     * are rounded to the nearest one that it has, ties to even.
     */
    public Tensor to(Encoding encoding) {
        return Elements.encode(this, encoding);
    }

    /** The same content under another name. */
    public Tensor named(String newName) {
        return new Tensor(newName, type, content);
    }

    /** A copy that outlives the {@link Weights} this comes from. */
    public Tensor copy() {
        return Elements.copyOf(name, type, content);
    }
}
