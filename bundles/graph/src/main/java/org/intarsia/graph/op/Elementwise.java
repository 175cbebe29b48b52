package org.intarsia.graph.op;

import java.util.List;
import java.util.Locale;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Core ops without attributes that work element by element. Operands broadcast: shapes are aligned at the innermost
 * dimension, and a dimension of size 1 is repeated.
 */
public enum Elementwise implements Op {
    NEG(1), EXP(1), LOG(1), SQRT(1), SIN(1), COS(1), TANH(1),
    ADD(2), SUB(2), MUL(2), DIV(2), MAX(2),
    /** 1 where the first operand is less than the second, else 0. */
    LESS(2),
    /** 1 where the operands are equal, else 0. */
    EQUAL(2),
    /** The second operand where the first, an I32, is not 0; else the third. */
    SELECT(3);

    private final int arity;
    private final String kind = name().toLowerCase(Locale.ROOT);

    Elementwise(int arity) {
        this.arity = arity;
    }

    public int arity() {
        return arity;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        String op = kind;
        Check.count(op, arity, operands);
        Encoding encoding = operands.getLast().encoding();
        Check.that(encoding == Encoding.F32 || encoding == Encoding.I32 && arity > 1, op,
                arity > 1 ? "operands in F32 or I32" : "an operand in F32", operands);
        Shape shape = Shape.SCALAR;
        for (int i = 0; i < arity; i++) {
            boolean condition = this == SELECT && i == 0;
            Check.that(operands.get(i).encoding() == (condition ? Encoding.I32 : encoding), op,
                    condition ? "a condition in I32" : "operands of one encoding", operands);
            shape = Check.broadcast(shape, operands.get(i).shape());
            Check.that(shape != null, op, "operands that broadcast to one shape", operands);
        }
        return new TensorType(shape, this == LESS || this == EQUAL ? Encoding.I32 : encoding);
    }
}
