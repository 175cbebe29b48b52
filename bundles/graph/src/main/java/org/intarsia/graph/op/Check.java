package org.intarsia.graph.op;

import java.util.List;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphException;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** The checks that ops make on their operands, so that every op complains in the same words. */
final class Check {
    private Check() {
    }

    static GraphException wrong(String op, String expected, List<TensorType> operands) {
        return new GraphException(op + ": expected " + expected + ", got " + operands);
    }

    static void that(boolean holds, String op, String expected, List<TensorType> operands) {
        if (!holds) {
            throw wrong(op, expected, operands);
        }
    }

    static void count(String op, int count, List<TensorType> operands) {
        that(operands.size() == count, op, count + " operand" + (count == 1 ? "" : "s"), operands);
    }

    static void f32(String op, List<TensorType> operands, int... which) {
        for (int index : which) {
            that(operands.get(index).encoding() == Encoding.F32, op, "operand " + index + " in F32", operands);
        }
    }

    static void i32(String op, List<TensorType> operands, int... which) {
        for (int index : which) {
            that(operands.get(index).encoding() == Encoding.I32, op, "operand " + index + " in I32", operands);
        }
    }

    static void rank(String op, List<TensorType> operands, int index, int rank) {
        that(operands.get(index).shape().rank() == rank, op, "operand " + index + " of rank " + rank, operands);
    }

    static int axis(String op, int axis, Shape shape) {
        int positive = axis < 0 ? axis + shape.rank() : axis;
        if (positive < 0 || positive >= shape.rank()) {
            throw new GraphException(op + ": axis " + axis + " does not exist in " + shape);
        }
        return positive;
    }

    /** The shape that both broadcast to, aligned at the innermost dimension, or null when they do not fit. */
    static Shape broadcast(Shape a, Shape b) {
        Shape longer = a.rank() >= b.rank() ? a : b;
        Shape shorter = longer == a ? b : a;
        Shape joined = longer;
        for (int back = 1; back <= shorter.rank(); back++) {
            Dim mine = longer.dim(-back);
            Dim other = shorter.dim(-back);
            if (mine.equals(Dim.fixed(1))) {
                joined = joined.with(-back, other);
            } else if (!mine.equals(other) && !other.equals(Dim.fixed(1))) {
                return null;
            }
        }
        return joined;
    }
}
