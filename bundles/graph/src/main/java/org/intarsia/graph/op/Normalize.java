package org.intarsia.graph.op;

import java.util.List;
import java.util.Optional;
import org.intarsia.graph.Dim;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** Fused ops that bring groups of elements to unit scale. */
public interface Normalize extends Op {

    double epsilon();

    /**
     * Root mean square normalisation over the innermost dimension (Zhang and Sennrich, 2019): x (rows…, n),
     * weight (n) → x / sqrt(mean(x²) + ε) · weight.
     */
    record RmsNorm(double epsilon) implements Normalize {
        @Override
        public String kind() {
            return "rmsNorm";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.count(kind(), 2, operands);
            Check.f32(kind(), operands, 0, 1);
            Shape x = operands.getFirst().shape();
            Check.that(x.rank() >= 1 && operands.get(1).shape().equals(Shape.of(x.dim(-1))), kind(),
                    "a weight for each element of the innermost dimension", operands);
            return operands.getFirst();
        }

        @Override
        public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
            Node x = operands.getFirst();
            Node scale = inverseRoot(g, g.mean(g.mul(x, x), x.shape().rank() - 1), epsilon);
            return Optional.of(g.mul(g.mul(x, scale), operands.get(1)));
        }
    }

    /**
     * Layer normalisation (Ba et al., 2016) over the innermost dimension: x (rows…, n) → (x − mean) / sqrt(variance + ε)
     * · weight + bias. Weight and bias broadcast to x, so that a weight of its own for each head, (heads, n), is
     * possible.
     */
    record LayerNorm(double epsilon) implements Normalize {
        @Override
        public String kind() {
            return "layerNorm";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.count(kind(), 3, operands);
            Check.f32(kind(), operands, 0, 1, 2);
            TensorType x = operands.getFirst();
            Check.that(x.shape().rank() >= 1 && operands.get(1).equals(operands.get(2))
                            && x.shape().equals(Check.broadcast(x.shape(), operands.get(1).shape())), kind(),
                    "a weight and a bias of one shape that broadcasts to the first operand", operands);
            return x;
        }

        @Override
        public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
            Node x = operands.getFirst();
            Node normal = centred(g, x, x.shape().rank() - 1, epsilon);
            return Optional.of(g.add(g.mul(normal, operands.get(1)), operands.get(2)));
        }
    }

    /**
     * Group normalisation (Wu and He, 2018): x (n, c, h, w) is normalised over each of {@code groups} groups of
     * neighbouring channels; weight and bias are (c).
     */
    record GroupNorm(int groups, double epsilon) implements Normalize {
        @Override
        public String kind() {
            return "groupNorm";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.count(kind(), 3, operands);
            Check.f32(kind(), operands, 0, 1, 2);
            Check.rank(kind(), operands, 0, 4);
            Shape x = operands.getFirst().shape();
            Check.that(groups > 0 && x.size(1) % groups == 0, kind(), "channels that " + groups + " groups share evenly",
                    operands);
            Check.that(operands.get(1).shape().equals(Shape.of(x.dim(1))) && operands.get(2).equals(operands.get(1)), kind(),
                    "a weight and a bias for each channel", operands);
            return operands.getFirst();
        }

        @Override
        public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
            Node x = operands.getFirst();
            Dim channels = x.shape().dim(1);
            Shape affine = Shape.of(channels, Dim.fixed(1), Dim.fixed(1));
            Node normal = g.reshape(centred(g, g.reshape(x, grouped(x.shape(), groups)), 2, epsilon), x.shape());
            return Optional.of(g.add(g.mul(normal, g.reshape(operands.get(1), affine)), g.reshape(operands.get(2), affine)));
        }
    }

    /**
     * The gradient of normalisation over the innermost dimension: x (rows…, n) and the gradient of the normalised
     * values (rows…, n) → gradient of x.
     *
     * @param centred whether the mean is subtracted, as layer and group normalisation do
     */
    record NormalizeGradient(boolean centred, double epsilon) implements Normalize {
        @Override
        public String kind() {
            return "normalizeGradient";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.count(kind(), 2, operands);
            Check.f32(kind(), operands, 0, 1);
            Check.that(operands.get(0).equals(operands.get(1)) && operands.getFirst().shape().rank() >= 1, kind(),
                    "two operands of one shape", operands);
            return operands.getFirst();
        }

        @Override
        public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
            Node x = operands.get(0);
            Node gradient = operands.get(1);
            int axis = x.shape().rank() - 1;
            if (centred) {
                x = g.sub(x, g.mean(x, axis));
                gradient = g.sub(gradient, g.mean(gradient, axis));
            }
            Node scale = inverseRoot(g, g.mean(g.mul(x, x), axis), epsilon);
            Node normal = g.mul(x, scale);
            Node along = g.mean(g.mul(gradient, normal), axis);
            return Optional.of(g.mul(scale, g.sub(gradient, g.mul(normal, along))));
        }
    }

    /** (n, c, h, w) as (n, groups, c / groups · h · w): what one group normalises lies together. */
    static Shape grouped(Shape x, int groups) {
        return Shape.of(x.dim(0), Dim.fixed(groups), Dim.fixed(x.size(1) / groups).times(x.dim(2)).times(x.dim(3)));
    }

    private static Node inverseRoot(GraphBuilder g, Node square, double epsilon) {
        return g.div(g.scalar(1), g.sqrt(g.add(square, g.scalar(epsilon))));
    }

    private static Node centred(GraphBuilder g, Node x, int axis, double epsilon) {
        Node centred = g.sub(x, g.mean(x, axis));
        return g.mul(centred, inverseRoot(g, g.mean(g.mul(centred, centred), axis), epsilon));
    }
}
