package org.intarsia.graph.op;

import java.util.List;
import java.util.Optional;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Cross-entropy of each row: logits (rows, classes), target I32 (rows) → (rows), in nats:
 * log Σ exp(logits) − logits[target] + zLoss · (log Σ exp(logits))².
 *
 * @param zLoss weight of the squared log-normaliser, which keeps logits from drifting (Chowdhery et al., PaLM, 2022); 0
 *              for none
 */
public record CrossEntropy(double zLoss) implements Op {
    @Override
    public String kind() {
        return "crossEntropy";
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        Check.count(kind(), 2, operands);
        check(kind(), operands);
        return TensorType.f32(Shape.of(operands.getFirst().shape().dim(0)));
    }

    private static void check(String op, List<TensorType> operands) {
        Check.f32(op, operands, 0);
        Check.i32(op, operands, 1);
        Check.rank(op, operands, 0, 2);
        Check.that(operands.get(1).shape().equals(Shape.of(operands.getFirst().shape().dim(0))), op,
                "a target for each row", operands);
    }

    @Override
    public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
        Node logits = operands.getFirst();
        Node normalizer = normalizer(g, logits);
        Node hit = g.sum(g.mul(logits, oneHot(g, logits, operands.get(1))), 1);
        Node penalty = g.mul(g.scalar(zLoss), g.mul(normalizer, normalizer));
        return Optional.of(g.reshape(g.add(g.sub(normalizer, hit), penalty), Shape.of(logits.shape().dim(0))));
    }

    private static Node normalizer(GraphBuilder g, Node logits) {
        Node max = g.maxReduce(logits, 1);
        return g.add(max, g.log(g.sum(g.exp(g.sub(logits, max)), 1)));
    }

    private static Node oneHot(GraphBuilder g, Node logits, Node target) {
        Node classes = g.iota(TensorType.i32(Shape.of(logits.shape().dim(1))), 0);
        Node column = g.reshape(target, Shape.of(logits.shape().dim(0)).concat(Shape.of(1)));
        return g.cast(g.equal(classes, column), Encoding.F32);
    }

    /** (logits, target, gradient of the losses (rows)) → gradient of the logits. */
    public record Gradient(double zLoss) implements Op {
        @Override
        public String kind() {
            return "crossEntropyGradient";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.count(kind(), 3, operands);
            check(kind(), operands);
            Check.f32(kind(), operands, 2);
            Check.that(operands.get(2).shape().equals(operands.get(1).shape()), kind(), "a gradient for each row", operands);
            return operands.getFirst();
        }

        @Override
        public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
            Node logits = operands.getFirst();
            Node gradient = g.reshape(operands.get(2), Shape.of(logits.shape().dim(0)).concat(Shape.of(1)));
            Node pull = g.add(g.scalar(1), g.mul(g.scalar(2 * zLoss), normalizer(g, logits)));
            Node slope = g.sub(g.mul(g.softmax(logits), pull), oneHot(g, logits, operands.get(1)));
            return Optional.of(g.mul(slope, gradient));
        }
    }
}
