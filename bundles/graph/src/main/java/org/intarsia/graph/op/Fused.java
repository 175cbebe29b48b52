package org.intarsia.graph.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Several ops that work element by element, in one pass over memory. Made by
 * {@link org.intarsia.graph.Fusion}; operands broadcast to the
 * result's shape.
 *
 * @param program what is computed, in order; the last instruction gives the result
 * @param type    of the result
 */
public record Fused(List<Instruction> program, TensorType type) implements Op {

    /**
     * One op.
     *
     * @param function  what it computes
     * @param arguments operands of the fused op, counted from 0, or, behind them, earlier instructions
     * @param value     of a constant, else 0
     */
    public record Instruction(Function function, List<Integer> arguments, double value) {
    }

    /** Functions of one element, or of one element each of several operands. */
    public enum Function {
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

    @Override
    public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
        List<Node> values = new ArrayList<>(operands);
        for (Instruction instruction : program) {
            values.add(node(g, instruction, instruction.arguments().stream().map(values::get).toList()));
        }
        return Optional.of(g.broadcast(values.getLast(), type.shape()));
    }

    private static Node node(GraphBuilder g, Instruction instruction, List<Node> in) {
        return switch (instruction.function()) {
            case SILU -> g.silu(in.getFirst());
            case GELU -> g.gelu(in.getFirst());
            case SWIGLU -> g.swiGlu(in.get(0), in.get(1));
            case SILU_GRADIENT -> g.add(new Activation.SiluGradient(), in.get(0), in.get(1));
            case COPY -> in.getFirst();
            case TO_FLOAT -> g.cast(in.getFirst(), Encoding.F32);
            case TO_INT -> g.cast(in.getFirst(), Encoding.I32);
            case CONSTANT -> g.scalar(instruction.value());
            case INT_CONSTANT -> g.constant(TensorType.i32(Shape.SCALAR), instruction.value());
            default -> g.add(Elementwise.valueOf(instruction.function().name().replace("INT_", "")), in.toArray(Node[]::new));
        };
    }
}
