package org.intarsia.backend.cpu;

import java.util.List;
import java.util.Map;
import org.intarsia.graph.Op;
import org.intarsia.graph.TensorType;

/**
 * Several ops that work element by element, in one pass over memory. Made by {@link Fusion}; operands broadcast to the
 * result's shape.
 *
 * @param program what is computed, in order; the last instruction gives the result
 * @param type    of the result
 */
record Fused(List<Instruction> program, TensorType type) implements Op {

    /**
     * One op.
     *
     * @param function  what it computes
     * @param arguments operands of the fused op, counted from 0, or, behind them, earlier instructions
     * @param value     of a constant, else 0
     */
    record Instruction(Function function, List<Integer> arguments, double value) {
    }

    /** Functions of one element, or of one element each of several operands. */
    enum Function {
        NEG, EXP, LOG, SQRT, SIN, COS, TANH, SILU, GELU,
        ADD, SUB, MUL, DIV, MAX, LESS, EQUAL, SWIGLU, SILU_GRADIENT,
        INT_ADD, INT_SUB, INT_MUL, INT_DIV, INT_MAX, INT_LESS, INT_EQUAL,
        SELECT,
        /** The same element: what repeats an operand. */
        COPY,
        TO_FLOAT, TO_INT,
        CONSTANT, INT_CONSTANT
    }

    @Override
    public String kind() {
        return "fused";
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        return type;
    }

    @Override
    public Op bind(Map<String, Long> sizes) {
        return new Fused(program, type.bind(sizes));
    }
}
