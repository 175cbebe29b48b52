package org.intarsia.backend.gpu.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.gpu.KernelSource;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Fused;
import org.intarsia.graph.op.Fused.Instruction;

/** Writes one kernel for several ops that work element by element, a thread for each element. */
final class FusedRule {
    private final Node shape;
    private final Node fixed;
    private final List<String> lines = new ArrayList<>(List.of("#group 256", "#use math", "#use encodings"));
    private final List<String> body = new ArrayList<>(List.of("int i = ELEMENT;", "if (i >= P(0)) {", "    return;", "}"));
    private final List<Long> numbers = new ArrayList<>();

    private FusedRule(Node shape, Node fixed) {
        this.shape = shape;
        this.fixed = fixed;
    }

    static List<Launch> launches(Node shape, Node fixed) {
        return new FusedRule(shape, fixed).launches();
    }

    private List<Launch> launches() {
        for (int i = 0; i < shape.operands().size(); i++) {
            lines.add("#in " + Encodings.type(shape.operand(i).encoding()) + " x" + i);
            read(i);
        }
        lines.add("#out " + Encodings.type(shape.encoding()) + " y");
        int value = shape.operands().size();
        for (Instruction instruction : ((Fused) shape.op()).program()) {
            List<String> in = instruction.arguments().stream().map(argument -> "v" + argument).toList();
            String type = isInteger(instruction) ? "int" : "float";
            body.add(type + " v" + value++ + " = " + expression(instruction, in) + ";");
        }
        body.add("y[i] = v" + (value - 1) + ";");
        lines.add("#main");
        lines.addAll(body);
        return List.of(Launch.each(new KernelSource("fused", Map.of(), lines), fixed.shape().elements(),
                NormalizeRules.arrays(shape), numbers.stream().mapToLong(Long::longValue).toArray()));
    }

    /** Where an operand's element lies; the plain ways first, because divisions cost more than what is computed. */
    private void read(int operand) {
        Shape narrow = shape.operand(operand).shape();
        Shape wide = shape.shape();
        String place;
        if (narrow.equals(wide)) {
            place = "i";
        } else if (narrow.isFixed() && narrow.elements() == 1) {
            place = "0";
        } else if (KernelTable.isTail(narrow, wide)) {
            place = "i % " + number(fixed.operand(operand).shape().elements());
        } else if (isHead(narrow, wide)) {
            place = "i / " + number(fixed.shape().elements() / Math.max(1, fixed.operand(operand).shape().elements()));
        } else {
            place = strided(operand);
        }
        body.add(Encodings.type(shape.operand(operand).encoding()) + " v" + operand + " = x" + operand + "[" + place + "];");
    }

    /** Whether {@code narrow} is the beginning of {@code wide}, followed by ones. */
    private static boolean isHead(Shape narrow, Shape wide) {
        int same = 0;
        while (same < narrow.rank() && narrow.rank() == wide.rank() && narrow.dim(same).equals(wide.dim(same))) {
            same++;
        }
        return narrow.rank() == wide.rank()
                && narrow.drop(same).dims().stream().allMatch(dim -> dim.isFixed() && dim.size() == 1);
    }

    private String strided(int operand) {
        long[] strides = MoveRules.broadcastStrides(fixed.operand(operand).shape(), fixed.shape());
        String place = "at" + operand;
        String rest = "rest" + operand;
        body.add("int " + place + " = 0;");
        body.add("int " + rest + " = i;");
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            String size = number(fixed.shape().size(axis));
            body.add(place + " += " + rest + " % " + size + " * " + number(strides[axis]) + ";");
            body.add(rest + " = " + rest + " / " + size + ";");
        }
        return place;
    }

    /** A parameter of this value. */
    private String number(long value) {
        numbers.add(value);
        return "P(" + numbers.size() + ")";
    }

    private boolean isInteger(Instruction instruction) {
        return switch (instruction.function()) {
            case INT_ADD, INT_SUB, INT_MUL, INT_DIV, INT_MAX, INT_LESS, INT_EQUAL, LESS, EQUAL, TO_INT, INT_CONSTANT -> true;
            case COPY, SELECT -> isInteger(instruction.arguments().getLast());
            default -> false;
        };
    }

    private boolean isInteger(int argument) {
        int operands = shape.operands().size();
        return argument < operands ? shape.operand(argument).encoding() == Encoding.I32
                : isInteger(((Fused) shape.op()).program().get(argument - operands));
    }

    private static String expression(Instruction instruction, List<String> in) {
        String a = in.isEmpty() ? "" : in.get(0);
        String b = in.size() < 2 ? "" : in.get(1);
        return switch (instruction.function()) {
            case NEG -> "-" + a;
            case EXP -> "exponential(" + a + ")";
            case LOG -> "logarithm(" + a + ")";
            case SQRT -> "sqrt(" + a + ")";
            case SIN -> "sine(" + a + ")";
            case COS -> "cosine(" + a + ")";
            case TANH -> "hyperbolicTangent(" + a + ")";
            case SILU -> a + " * sigmoid(" + a + ")";
            case GELU -> "gelu(" + a + ")";
            case ADD, INT_ADD -> a + " + " + b;
            case SUB, INT_SUB -> a + " - " + b;
            case MUL, INT_MUL -> a + " * " + b;
            case DIV, INT_DIV -> a + " / " + b;
            case MAX -> "larger(" + a + ", " + b + ")";
            case INT_MAX -> "max(" + a + ", " + b + ")";
            case LESS, INT_LESS -> a + " < " + b + " ? 1 : 0";
            case EQUAL, INT_EQUAL -> a + " == " + b + " ? 1 : 0";
            case SWIGLU -> a + " * sigmoid(" + a + ") * " + b;
            case SILU_GRADIENT -> "siluGradient(" + a + ", " + b + ")";
            case SELECT -> a + " != 0 ? " + b + " : " + in.get(2);
            case COPY -> a;
            case TO_FLOAT -> "FLOAT(" + a + ")";
            case TO_INT -> "toInteger(" + a + ")";
            case CONSTANT -> "VALUE(0x" + Integer.toHexString(Float.floatToRawIntBits((float) instruction.value())) + "u)";
            case INT_CONSTANT -> "INT(0x" + Integer.toHexString((int) instruction.value()) + "u)";
        };
    }
}
