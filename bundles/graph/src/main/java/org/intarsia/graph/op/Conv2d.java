package org.intarsia.graph.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Two-dimensional convolution (cross-correlation, as the field means it): x (n, inChannels, h, w), weight (outChannels,
 * inChannels, kernelHeight, kernelWidth) → (n, outChannels, outHeight, outWidth). A bias is added by the caller.
 */
public record Conv2d(Window window) implements Op {

    /**
     * How the kernel moves over the picture.
     *
     * @param stride step in both directions, at least 1
     * @param top    rows of zeros above; likewise the other three sides
     */
    public record Window(int stride, int top, int bottom, int left, int right) {
        /** Stride 1 and the same padding on all sides. */
        public static Window same(int padding) {
            return new Window(1, padding, padding, padding, padding);
        }

        public long outHeight(long height, long kernelHeight) {
            return Math.floorDiv(height + top + bottom - kernelHeight, (long) stride) + 1;
        }

        public long outWidth(long width, long kernelWidth) {
            return Math.floorDiv(width + left + right - kernelWidth, (long) stride) + 1;
        }
    }

    @Override
    public String kind() {
        return "conv2d";
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        Check.count(kind(), 2, operands);
        Check.f32(kind(), operands, 0);
        Check.that(!operands.get(1).encoding().isInteger(), kind(), "a weight of floats", operands);
        Check.rank(kind(), operands, 0, 4);
        Check.rank(kind(), operands, 1, 4);
        Shape x = operands.get(0).shape();
        Shape weight = operands.get(1).shape();
        Check.that(x.dim(1).equals(weight.dim(1)), kind(), "a weight for " + x.dim(1) + " channels", operands);
        long height = window.outHeight(x.size(2), weight.size(2));
        long width = window.outWidth(x.size(3), weight.size(3));
        Check.that(height > 0 && width > 0, kind(), "a picture that is not smaller than the kernel", operands);
        return TensorType.f32(x.size(0), weight.size(0), height, width);
    }

    @Override
    public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
        Node x = operands.get(0);
        Shape kernel = operands.get(1).shape();
        TensorType result = infer(List.of(x.type(), operands.get(1).type()));
        Node patches = patches(g, x, kernel.size(2), kernel.size(3), window);
        Node weight = g.reshape(g.computed(operands.get(1)),
                Shape.of(kernel.size(0), kernel.size(1) * kernel.size(2) * kernel.size(3)));
        return Optional.of(g.reshape(g.matMul(weight, patches, false, false), result.shape()));
    }

    /** Everything the kernel sees: x (n, c, h, w) → (n, c · kernelHeight · kernelWidth, outHeight · outWidth). */
    private static Node patches(GraphBuilder g, Node x, long kernelHeight, long kernelWidth, Window window) {
        Shape shape = x.shape();
        Node padded = g.pad(x, List.of(0L, 0L, (long) window.top, (long) window.left),
                List.of(0L, 0L, (long) window.bottom, (long) window.right), List.of(0L, 0L, 0L, 0L));
        long height = window.outHeight(shape.size(2), kernelHeight);
        long width = window.outWidth(shape.size(3), kernelWidth);
        List<Node> seen = new ArrayList<>();
        for (long row = 0; row < kernelHeight; row++) {
            for (long column = 0; column < kernelWidth; column++) {
                Node slice = g.slice(padded, List.of(0L, 0L, row, column),
                        List.of(shape.size(0), shape.size(1), row + (height - 1) * window.stride + 1,
                                column + (width - 1) * window.stride + 1),
                        List.of(1L, 1L, (long) window.stride, (long) window.stride));
                seen.add(g.reshape(slice, Shape.of(shape.size(0), shape.size(1), 1, height * width)));
            }
        }
        return g.reshape(g.concat(2, seen.toArray(Node[]::new)),
                Shape.of(shape.size(0), shape.size(1) * kernelHeight * kernelWidth, height * width));
    }

    /**
     * The gradient of a convolution's weight: x (n, inChannels, h, w), gradient of the result (n, outChannels,
     * outHeight, outWidth) → (outChannels, inChannels, kernelHeight, kernelWidth).
     */
    public record WeightGradient(Window window, int kernelHeight, int kernelWidth) implements Op {
        @Override
        public String kind() {
            return "conv2dWeightGradient";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.count(kind(), 2, operands);
            Check.f32(kind(), operands, 0, 1);
            Check.rank(kind(), operands, 0, 4);
            Check.rank(kind(), operands, 1, 4);
            Shape x = operands.get(0).shape();
            Shape gradient = operands.get(1).shape();
            Check.that(x.dim(0).equals(gradient.dim(0)) && gradient.size(2) == window.outHeight(x.size(2), kernelHeight)
                    && gradient.size(3) == window.outWidth(x.size(3), kernelWidth), kind(),
                    "the gradient of this convolution's result", operands);
            return TensorType.f32(gradient.size(1), x.size(1), kernelHeight, kernelWidth);
        }

        @Override
        public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
            Node x = operands.get(0);
            Shape gradient = operands.get(1).shape();
            Node patches = patches(g, x, kernelHeight, kernelWidth, window);
            Node flat = g.reshape(operands.get(1),
                    Shape.of(gradient.size(0), gradient.size(1), gradient.size(2) * gradient.size(3)));
            Node each = g.matMul(flat, patches, false, true);
            return Optional.of(g.reshape(g.sum(each, 0),
                    Shape.of(gradient.size(1), x.shape().size(1), kernelHeight, kernelWidth)));
        }
    }
}
