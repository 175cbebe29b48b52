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
 * Matrix product: a (batch…, m, k) · b (batch…, k, n) → (batch…, m, n). Outer dimensions broadcast. The second operand
 * may be stored in any float encoding.
 *
 * @param transposeA a is given as (batch…, k, m)
 * @param transposeB b is given as (batch…, n, k), as linear layers store their weights
 */
public record MatMul(boolean transposeA, boolean transposeB) implements Op {
    @Override
    public String kind() {
        return "matMul";
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        Check.count(kind(), 2, operands);
        Check.f32(kind(), operands, 0);
        Shape a = operands.get(0).shape();
        Shape b = operands.get(1).shape();
        Check.that(a.rank() >= 2 && b.rank() >= 2, kind(), "operands of rank 2 or more", operands);
        Check.that(!operands.get(1).encoding().isInteger(), kind(), "a second operand of floats", operands);
        Dim inner = a.dim(transposeA ? -2 : -1);
        Check.that(inner.equals(b.dim(transposeB ? -1 : -2)), kind(), "equal inner dimensions"
                + (transposeA ? ", a transposed" : "") + (transposeB ? ", b transposed" : ""), operands);
        Shape batch = Check.broadcast(outer(a), outer(b));
        Check.that(batch != null, kind(), "outer dimensions that broadcast", operands);
        return TensorType.f32(batch.concat(Shape.of(a.dim(transposeA ? -1 : -2), b.dim(transposeB ? -2 : -1))));
    }

    private static Shape outer(Shape shape) {
        return new Shape(shape.dims().subList(0, shape.rank() - 2));
    }

    @Override
    public Optional<Node> decompose(GraphBuilder graph, List<Node> operands) {
        if (operands.get(1).encoding() == Encoding.F32) {
            return Optional.empty();
        }
        return Optional.of(graph.matMul(operands.get(0), graph.cast(operands.get(1), Encoding.F32), transposeA, transposeB));
    }
}
