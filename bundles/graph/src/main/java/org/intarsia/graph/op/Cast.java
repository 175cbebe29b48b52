package org.intarsia.graph.op;

import java.util.List;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Op;
import org.intarsia.graph.TensorType;

/** The same values in another encoding: to nearest, ties to even, for floats; truncated from float to integer. */
public record Cast(Encoding encoding) implements Op {
    @Override
    public String kind() {
        return "cast";
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        Check.count(kind(), 1, operands);
        return new TensorType(operands.getFirst().shape(), encoding);
    }
}
