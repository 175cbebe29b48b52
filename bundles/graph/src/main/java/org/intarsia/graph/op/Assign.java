package org.intarsia.graph.op;

import java.util.List;
import org.intarsia.graph.Op;
import org.intarsia.graph.TensorType;

/** Overwrites a state with a value of the same type and gives the state; what read it earlier saw the old value. */
public record Assign() implements Op {
    @Override
    public String kind() {
        return "assign";
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        Check.count(kind(), 2, operands);
        Check.that(operands.get(0).equals(operands.get(1)), kind(), "a state and a value of its type", operands);
        return operands.getFirst();
    }

    @Override
    public int alias() {
        return 0;
    }

    @Override
    public boolean writesState() {
        return true;
    }
}
