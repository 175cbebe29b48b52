package org.intarsia.graph.op;

import java.util.List;
import java.util.Optional;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Op;
import org.intarsia.graph.TensorType;

/** Fused non-linearities; all operands have one shape. */
public interface Activation extends Op {

    int arity();

    @Override
    default TensorType infer(List<TensorType> operands) {
        Check.count(kind(), arity(), operands);
        for (int i = 0; i < arity(); i++) {
            Check.f32(kind(), operands, i);
            Check.that(operands.get(i).equals(operands.getFirst()), kind(), "operands of one shape", operands);
        }
        return operands.getFirst();
    }

    /** x · sigmoid(x), also called swish. */
    record Silu() implements Activation {
        @Override
        public String kind() {
            return "silu";
        }

        @Override
        public int arity() {
            return 1;
        }

        @Override
        public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
            Node x = operands.getFirst();
            return Optional.of(g.mul(x, g.sigmoid(x)));
        }
    }

    /** (x, gradient of silu(x)) → gradient of x. */
    record SiluGradient() implements Activation {
        @Override
        public String kind() {
            return "siluGradient";
        }

        @Override
        public int arity() {
            return 2;
        }

        @Override
        public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
            Node x = operands.getFirst();
            Node sigmoid = g.sigmoid(x);
            Node slope = g.mul(sigmoid, g.add(g.scalar(1), g.mul(x, g.sub(g.scalar(1), sigmoid))));
            return Optional.of(g.mul(operands.get(1), slope));
        }
    }

    /** (gate, up) → silu(gate) · up (Shazeer, "GLU variants improve transformer", 2020). */
    record SwiGlu() implements Activation {
        @Override
        public String kind() {
            return "swiGlu";
        }

        @Override
        public int arity() {
            return 2;
        }

        @Override
        public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
            return Optional.of(g.mul(g.silu(operands.get(0)), operands.get(1)));
        }
    }

    /**
     * Gaussian error linear unit (Hendrycks and Gimpel, 2016) in its tanh form:
     * x / 2 · (1 + tanh(sqrt(2/π) · (x + 0.044715 · x³))).
     */
    record Gelu() implements Activation {
        @Override
        public String kind() {
            return "gelu";
        }

        @Override
        public int arity() {
            return 1;
        }

        @Override
        public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
            Node x = operands.getFirst();
            Node cube = g.mul(g.mul(x, x), g.mul(x, g.scalar(0.044715)));
            Node inner = g.mul(g.add(x, cube), g.scalar(Math.sqrt(2 / Math.PI)));
            return Optional.of(g.mul(g.mul(x, g.scalar(0.5)), g.add(g.scalar(1), g.tanh(inner))));
        }
    }

    /** Softmax over the innermost dimension, safe against overflow. */
    record Softmax() implements Activation {
        @Override
        public String kind() {
            return "softmax";
        }

        @Override
        public int arity() {
            return 1;
        }

        @Override
        public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
            Node x = operands.getFirst();
            int axis = x.shape().rank() - 1;
            Node exp = g.exp(g.sub(x, g.maxReduce(x, axis)));
            return Optional.of(g.div(exp, g.sum(exp, axis)));
        }
    }

    /** (y = softmax(x), gradient of y) → gradient of x. */
    record SoftmaxGradient() implements Activation {
        @Override
        public String kind() {
            return "softmaxGradient";
        }

        @Override
        public int arity() {
            return 2;
        }

        @Override
        public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
            Node y = operands.get(0);
            Node weighted = g.mul(y, operands.get(1));
            return Optional.of(g.sub(weighted, g.mul(y, g.sum(weighted, y.shape().rank() - 1))));
        }
    }
}
