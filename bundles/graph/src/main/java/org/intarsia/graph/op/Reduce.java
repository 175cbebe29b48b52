package org.intarsia.graph.op;

import java.util.List;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphException;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** Core ops that join the elements along some axes. The axes stay, with size 1. */
public interface Reduce extends Op {

    /** The axes that are joined, ascending and without repetition. */
    List<Integer> axes();

    @Override
    default TensorType infer(List<TensorType> operands) {
        Check.count(kind(), 1, operands);
        Check.f32(kind(), operands, 0);
        Shape shape = operands.getFirst().shape();
        for (int axis : axes()) {
            shape = shape.with(Check.axis(kind(), axis, shape), Dim.fixed(1));
        }
        return TensorType.f32(shape);
    }

    private static List<Integer> sorted(String op, List<Integer> axes) {
        if (axes.stream().distinct().count() != axes.size() || axes.stream().anyMatch(axis -> axis < 0)) {
            throw new GraphException(op + ": expected distinct axes counted from the front, got " + axes);
        }
        return axes.stream().sorted().toList();
    }

    /** The sum. */
    record Sum(List<Integer> axes) implements Reduce {
        public Sum {
            axes = sorted("sum", axes);
        }

        @Override
        public String kind() {
            return "sum";
        }
    }

    /** The largest element. */
    record Max(List<Integer> axes) implements Reduce {
        public Max {
            axes = sorted("maxReduce", axes);
        }

        @Override
        public String kind() {
            return "maxReduce";
        }
    }

    /** The index, an I32, of the largest element along one axis; the first one when several are equal. */
    record ArgMax(int axis) implements Reduce {
        @Override
        public String kind() {
            return "argMax";
        }

        @Override
        public List<Integer> axes() {
            return List.of(axis);
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            return new TensorType(Reduce.super.infer(operands).shape(), Encoding.I32);
        }
    }
}
