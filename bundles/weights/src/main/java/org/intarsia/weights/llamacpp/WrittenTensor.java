package org.intarsia.weights.llamacpp;

import java.util.Optional;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.TensorSource;

/**
 * A tensor under llama.cpp's name, with its rows in llama.cpp's order.
 *
 * @param name   as llama.cpp has it
 * @param tensor as the checkpoint has it
 * @param values the elements as they are written
 * @param kept   whether these are the checkpoint's own, in its order
 */
public record WrittenTensor(String name, Tensor tensor, Values values, boolean kept) {
    private static final int BLOCK = 32;

    /** The floating-point values of a tensor, part by part. */
    @FunctionalInterface
    public interface Values {
        /** Returns some of the values; the first and their number are whole blocks where the tensor is block-quantised. */
        float[] floats(long first, int count);
    }

    /** Keeps a tensor as it is, but for its name. */
    public static WrittenTensor of(String name, Tensor tensor) {
        return new WrittenTensor(name, tensor, tensor::floats, true);
    }

    /** Makes the tensor whose every value is larger by 1. */
    static WrittenTensor larger(String name, Tensor tensor) {
        return new WrittenTensor(name, tensor, (first, count) -> {
            float[] values = tensor.floats(first, count);
            for (int i = 0; i < count; i++) {
                values[i]++;
            }
            return values;
        }, false);
    }

    /**
     * Makes the tensor whose rows have the order in which neighbours are rotated together: within each head those of its
     * first and of its second half by turns.
     *
     * @param heads that share out the rows
     */
    static WrittenTensor interleaved(String name, Tensor tensor, int heads) {
        Shape shape = tensor.shape();
        long rows = shape.size(0);
        long width = shape.elements() / rows;
        long half = rows / heads / 2;
        return new WrittenTensor(name, tensor, (first, count) -> {
            float[] values = new float[count];
            for (int done = 0; done < count;) {
                long row = (first + done) / width;
                long column = (first + done) % width;
                int length = (int) Math.min(width - column, count - done);
                long inHead = row % (2 * half);
                long from = row - inHead + inHead % 2 * half + inHead / 2;
                System.arraycopy(tensor.floats(from * width + column, length), 0, values, done, length);
                done += length;
            }
            return values;
        }, false);
    }

    /** Returns the encoding in which llama.cpp can use the tensor, when all are to have one that can. */
    public Encoding target(Encoding wanted) {
        Shape shape = tensor.shape();
        if (shape.rank() < 2 || name.endsWith("_norm.weight")) {
            return Encoding.F32;
        }
        long row = shape.size(shape.rank() - 1);
        if (row % wanted.blockElements() == 0) {
            return wanted;
        }
        Encoding stored = tensor.type().encoding();
        return wanted != Encoding.Q8_0 && row % BLOCK == 0 ? Encoding.Q8_0
                : Optional.of(stored).filter(Encoding.BF16::equals).orElse(Encoding.F16);
    }

    /** Makes the tensor's content while it is written. */
    public TensorSource in(Encoding encoding) {
        if (kept) {
            return TensorSource.of(tensor, encoding).named(name);
        }
        return new TensorSource(name, new TensorType(tensor.shape(), encoding), (target, first) -> {
            int count = Math.toIntExact(target.byteSize() / encoding.blockBytes() * encoding.blockElements());
            Tensor part = Tensor.of(name, Shape.of(count), values.floats(first, count));
            TensorSource.of(part, encoding).content().accept(target, 0);
        });
    }
}
