package org.intarsia.graph.op;

import java.util.List;
import java.util.Optional;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Vector quantisation (van den Oord et al., 2017): x (rows, n), codebook (codes, n) → I32 (rows), the number of the code
 * at the smallest Euclidean distance; the first one when several are equally near.
 */
public record NearestCode() implements Op {
    @Override
    public String kind() {
        return "nearestCode";
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        Check.count(kind(), 2, operands);
        Check.f32(kind(), operands, 0, 1);
        Check.rank(kind(), operands, 0, 2);
        Check.rank(kind(), operands, 1, 2);
        Shape x = operands.getFirst().shape();
        Check.that(x.dim(1).equals(operands.get(1).shape().dim(1)), kind(), "codes as long as the rows", operands);
        return TensorType.i32(Shape.of(x.dim(0)));
    }

    @Override
    public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
        Node x = operands.get(0);
        Node codes = operands.get(1);
        // |x - c|² is smallest where x·c - |c|²/2 is largest.
        Node length = g.reshape(g.sum(g.mul(codes, codes), 1), Shape.of(codes.shape().dim(0)));
        Node near = g.sub(g.matMul(x, codes, false, true), g.mul(length, g.scalar(0.5)));
        return Optional.of(g.reshape(g.argMax(near, 1), Shape.of(x.shape().dim(0))));
    }
}
