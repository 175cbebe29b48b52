package org.intarsia.graph.op;

import java.util.List;
import java.util.Optional;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Rotary position embedding (Su et al., 2021): x (sequences, length, heads, headDim), position I32 (sequences, length)
 * → x, where element i of the first half and element i of the second half of each head turn by
 * position · frequencies[i] (the half-split layout of Hugging Face checkpoints).
 *
 * @param frequencies radians a position, headDim / 2 of them; scaled variants differ in these numbers alone
 * @param inverse     turn the other way, which is the gradient
 */
public record Rope(List<Double> frequencies, boolean inverse) implements Op {
    public Rope {
        frequencies = List.copyOf(frequencies);
    }

    @Override
    public String kind() {
        return "rope";
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        Check.count(kind(), 2, operands);
        Check.f32(kind(), operands, 0);
        Check.i32(kind(), operands, 1);
        Check.rank(kind(), operands, 0, 4);
        Shape x = operands.getFirst().shape();
        Check.that(operands.get(1).shape().equals(Shape.of(x.dim(0), x.dim(1))), kind(),
                "a position for each sequence and place", operands);
        Check.that(x.size(3) == 2L * frequencies.size(), kind(), "heads of size " + 2 * frequencies.size(), operands);
        return operands.getFirst();
    }

    @Override
    public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
        Node x = operands.get(0);
        long half = frequencies.size();
        Shape places = Shape.of(x.shape().dim(0), x.shape().dim(1), Dim.fixed(1), Dim.fixed(1));
        Node position = g.reshape(g.cast(operands.get(1), Encoding.F32), places);
        Node angle = g.mul(position, g.constant(TensorType.f32(half),
                frequencies.stream().mapToDouble(frequency -> inverse ? -frequency : frequency).toArray()));
        Node cos = g.cos(angle);
        Node sin = g.sin(angle);
        Node first = g.slice(x, 3, 0, half);
        Node second = g.slice(x, 3, half, 2 * half);
        return Optional.of(g.concat(3,
                g.sub(g.mul(first, cos), g.mul(second, sin)),
                g.add(g.mul(second, cos), g.mul(first, sin))));
    }
}
