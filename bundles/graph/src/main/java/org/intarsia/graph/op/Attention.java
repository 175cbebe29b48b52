package org.intarsia.graph.op;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Gradients;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.GraphException;
import org.intarsia.graph.Node;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Scaled dot-product attention with grouped heads (Vaswani et al., 2017; Ainslie et al., 2023).
 *
 * <p>Operands: q (sequences, length, heads, headDim); k and v (rows, context, keyHeads, headDim), where keyHeads divides
 * heads; and, when {@code causal}, position I32 (sequences, length), the place of each query: it sees the keys from
 * place 0 up to and with its own. A further operand slot I32 (sequences), given or not, says which row of k and v
 * belongs to which sequence; without it rows and sequences are the same. Result: (sequences, length, heads, headDim).
 *
 * <p>One op serves training, where k and v have just been computed, and generation, where they are the states of a
 * key/value cache: what stands behind a query's position is never looked at.
 *
 * <p>With a window (Beltagy et al., 2020) or a cap on scores (Gemma 2, 2024) the op has a kind of its own. A backend that
 * has a kernel for plain attention alone then decomposes it, and never computes it without window or cap.
 *
 * @param scale   factor on the products of queries and keys
 * @param causal  whether positions are given
 * @param window  how many keys a query sees at most, its own the last of them; 0 for all; needs positions
 * @param softCap the scores become softCap · tanh(score / softCap) before the softmax; 0 for none
 */
public record Attention(double scale, boolean causal, int window, double softCap) implements Op {

    /** What stands in place of a score that is masked: its exponential is zero in every encoding. */
    private static final double MASKED = -1e30;

    public Attention {
        if (window < 0 || window > 0 && !causal || softCap < 0) {
            throw new GraphException("attention: a window needs positions, and window and cap are at least 0; got window " + window
                    + (causal ? "" : " without positions") + ", cap " + softCap);
        }
    }

    /** Attention without window and cap. */
    public Attention(double scale, boolean causal) {
        this(scale, causal, 0, 0);
    }

    /** Returns whether there is neither a window nor a cap. */
    public boolean isPlain() {
        return window == 0 && softCap == 0;
    }

    @Override
    public String kind() {
        return isPlain() ? "attention" : "boundedAttention";
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        int plain = causal ? 4 : 3;
        Check.that(operands.size() == plain || operands.size() == plain + 1, kind(),
                plain + " operands and perhaps a slot", operands);
        Check.f32(kind(), operands, 0, 1, 2);
        Check.rank(kind(), operands, 0, 4);
        Check.rank(kind(), operands, 1, 4);
        Shape q = operands.get(0).shape();
        Shape k = operands.get(1).shape();
        Check.that(operands.get(2).equals(operands.get(1)), kind(), "keys and values of one shape", operands);
        Check.that(q.dim(3).equals(k.dim(3)) && q.size(2) % k.size(2) == 0, kind(),
                "heads of one size, and key heads that divide the heads", operands);
        if (causal) {
            Check.i32(kind(), operands, 3);
            Check.that(operands.get(3).shape().equals(Shape.of(q.dim(0), q.dim(1))), kind(),
                    "a position for each sequence and place", operands);
        }
        if (operands.size() > plain) {
            Check.i32(kind(), operands, plain);
            Check.that(operands.get(plain).shape().equals(Shape.of(q.dim(0))), kind(), "a slot for each sequence", operands);
        } else {
            Check.that(q.dim(0).equals(k.dim(0)), kind(), "as many rows of keys as sequences, or slots", operands);
        }
        return operands.getFirst();
    }

    @Override
    public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
        Node q = operands.get(0);
        Node k = operands.get(1);
        Node v = operands.get(2);
        if (operands.size() > (causal ? 4 : 3)) {
            k = g.gather(k, operands.getLast());
            v = g.gather(v, operands.getLast());
        }
        Dim sequences = q.shape().dim(0);
        Dim length = q.shape().dim(1);
        Dim context = k.shape().dim(1);
        Dim keyHeads = k.shape().dim(2);
        Dim group = Dim.fixed(q.shape().size(2) / k.shape().size(2));
        Dim headDim = q.shape().dim(3);
        // Heads come before places, so that each head is one matrix product; grouped heads share their keys by broadcasting.
        Node queries = g.permute(g.reshape(q, Shape.of(sequences, length, keyHeads, group, headDim)), 0, 2, 3, 1, 4);
        Shape shared = Shape.of(sequences, keyHeads, Dim.fixed(1), context, headDim);
        Node keys = g.reshape(g.permute(k, 0, 2, 1, 3), shared);
        Node values = g.reshape(g.permute(v, 0, 2, 1, 3), shared);
        Node scores = g.mul(g.matMul(queries, keys, false, true), g.scalar(scale));
        if (softCap > 0) {
            scores = g.mul(g.tanh(g.div(scores, g.scalar(softCap))), g.scalar(softCap));
        }
        if (causal) {
            Node position = g.reshape(operands.get(3),
                    Shape.of(sequences, Dim.fixed(1), Dim.fixed(1), length, Dim.fixed(1)));
            Node place = g.iota(TensorType.i32(Shape.of(context)), 0);
            scores = g.select(g.less(position, place), g.scalar(MASKED), scores);
            if (window > 0) {
                Node first = g.sub(position, g.constant(TensorType.i32(Shape.SCALAR), window - 1));
                scores = g.select(g.less(place, first), g.scalar(MASKED), scores);
            }
        }
        Node mixed = g.matMul(g.softmax(scores), values, false, false);
        return Optional.of(g.reshape(g.permute(mixed, 0, 3, 1, 2, 4), q.shape()));
    }

    /**
     * The gradients of plain attention by q, k and v, one behind the other: (elements of q, k and v). Operands: q, k, v, the
     * position where causal, and the gradient of the result. A backend computes it without writing all weights down.
     */
    public record Gradient(double scale, boolean causal) implements Op {
        @Override
        public String kind() {
            return "attentionGradient";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            int plain = causal ? 4 : 3;
            Check.that(operands.size() == plain + 1, kind(), plain + " operands and a gradient", operands);
            TensorType result = new Attention(scale, causal).infer(operands.subList(0, plain));
            Check.that(operands.getLast().equals(result), kind(), "a gradient of the result's shape", operands);
            return TensorType.f32(operands.get(0).shape().elements() + 2 * operands.get(1).shape().elements());
        }

        @Override
        public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
            List<Node> inputs = operands.subList(0, operands.size() - 1);
            Node result = new Attention(scale, causal).decompose(g, inputs).orElseThrow();
            List<Node> gradients = Gradients.alone(g, Map.of(result, operands.getLast()), operands.subList(0, 3));
            return Optional.of(g.concat(0, gradients.stream()
                    .map(gradient -> g.reshape(gradient, Shape.of(gradient.shape().elements()))).toArray(Node[]::new)));
        }
    }
}
