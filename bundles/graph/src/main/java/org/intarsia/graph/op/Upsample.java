package org.intarsia.graph.op;

import java.util.List;
import java.util.Optional;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** Repeats each pixel in both directions (nearest neighbour): (n, c, h, w) → (n, c, factor · h, factor · w). */
public record Upsample(int factor) implements Op {
    @Override
    public String kind() {
        return "upsample";
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        Check.count(kind(), 1, operands);
        Check.f32(kind(), operands, 0);
        Check.rank(kind(), operands, 0, 4);
        Shape x = operands.getFirst().shape();
        return TensorType.f32(x.size(0), x.size(1), x.size(2) * factor, x.size(3) * factor);
    }

    @Override
    public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
        Node x = operands.getFirst();
        Shape shape = x.shape();
        Node spread = g.broadcast(g.reshape(x, Shape.of(shape.size(0), shape.size(1), shape.size(2), 1, shape.size(3), 1)),
                Shape.of(shape.size(0), shape.size(1), shape.size(2), factor, shape.size(3), factor));
        return Optional.of(g.reshape(spread, infer(List.of(x.type())).shape()));
    }
}
