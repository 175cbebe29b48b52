package org.intarsia.graph.op;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.intarsia.graph.Dim;
import org.intarsia.graph.GraphException;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** Core ops that move elements without changing them; they take every encoding that has one element a value. */
public interface Move extends Op {

    /** The same elements in the same order under another shape. */
    record Reshape(Shape shape) implements Move {
        @Override
        public String kind() {
            return "reshape";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.count(kind(), 1, operands);
            Check.that(operands.getFirst().shape().count().equals(shape.count()), kind(),
                    "as many elements as " + shape + " holds", operands);
            return new TensorType(shape, operands.getFirst().encoding());
        }

        @Override
        public Op bind(Map<String, Long> sizes) {
            return new Reshape(shape.bind(sizes));
        }

        @Override
        public int alias() {
            return 0;
        }
    }

    /** Axis {@code i} of the result is axis {@code order.get(i)} of the operand. */
    record Permute(List<Integer> order) implements Move {
        public Permute {
            order = List.copyOf(order);
            if (new HashSet<>(order).size() != order.size()) {
                throw new GraphException("permute: each axis may occur once, got " + order);
            }
        }

        @Override
        public String kind() {
            return "permute";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.count(kind(), 1, operands);
            Check.rank(kind(), operands, 0, order.size());
            Shape shape = operands.getFirst().shape();
            return new TensorType(
                    new Shape(order.stream().map(axis -> shape.dim(Check.axis(kind(), axis, shape))).toList()),
                    operands.getFirst().encoding());
        }
    }

    /** Repeats dimensions of size 1, and adds outer dimensions, up to {@code shape}. */
    record Broadcast(Shape shape) implements Move {
        @Override
        public String kind() {
            return "broadcast";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.count(kind(), 1, operands);
            Check.that(shape.equals(Check.broadcast(shape, operands.getFirst().shape())), kind(),
                    "an operand that broadcasts to " + shape, operands);
            return new TensorType(shape, operands.getFirst().encoding());
        }

        @Override
        public Op bind(Map<String, Long> sizes) {
            return new Broadcast(shape.bind(sizes));
        }
    }

    /**
     * Every {@code stride}-th element from {@code start} up to but without {@code limit}, for each axis.
     *
     * <p>A limit of {@link #END} takes an axis to its end, also where the size is named.
     */
    record Slice(List<Long> start, List<Long> limit, List<Long> stride) implements Move {
        public static final long END = -1;

        public Slice {
            start = List.copyOf(start);
            limit = List.copyOf(limit);
            stride = List.copyOf(stride);
        }

        @Override
        public String kind() {
            return "slice";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.count(kind(), 1, operands);
            Check.rank(kind(), operands, 0, start.size());
            Shape shape = operands.getFirst().shape();
            for (int axis = 0; axis < shape.rank(); axis++) {
                boolean whole = start.get(axis) == 0 && limit.get(axis) == END && stride.get(axis) == 1;
                if (whole) {
                    continue;
                }
                long size = shape.size(axis);
                long end = limit.get(axis) == END ? size : limit.get(axis);
                Check.that(start.get(axis) >= 0 && start.get(axis) <= end && end <= size && stride.get(axis) >= 1, kind(),
                        "bounds within axis " + axis + ", not " + start.get(axis) + " to " + end + " by " + stride.get(axis),
                        operands);
                shape = shape.with(axis, Dim.fixed(Math.ceilDiv(end - start.get(axis), stride.get(axis))));
            }
            return new TensorType(shape, operands.getFirst().encoding());
        }
    }

    /** Zeros before ({@code low}), behind ({@code high}) and between neighbours ({@code interior}), for each axis. */
    record Pad(List<Long> low, List<Long> high, List<Long> interior) implements Move {
        public Pad {
            low = List.copyOf(low);
            high = List.copyOf(high);
            interior = List.copyOf(interior);
        }

        @Override
        public String kind() {
            return "pad";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.count(kind(), 1, operands);
            Check.rank(kind(), operands, 0, low.size());
            Shape shape = operands.getFirst().shape();
            for (int axis = 0; axis < shape.rank(); axis++) {
                long before = low.get(axis);
                long behind = high.get(axis);
                long between = interior.get(axis);
                Check.that(before >= 0 && behind >= 0 && between >= 0, kind(), "paddings that are not negative", operands);
                if (before + behind + between > 0) {
                    long size = shape.size(axis);
                    shape = shape.with(axis, Dim.fixed(before + behind + size + Math.max(0, size - 1) * between));
                }
            }
            return new TensorType(shape, operands.getFirst().encoding());
        }
    }

    /** The operands one behind the other along {@code axis}. */
    record Concat(int axis) implements Move {
        @Override
        public String kind() {
            return "concat";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.that(!operands.isEmpty(), kind(), "at least one operand", operands);
            TensorType first = operands.getFirst();
            int along = Check.axis(kind(), axis, first.shape());
            long size = 0;
            for (TensorType operand : operands) {
                Check.that(operand.encoding() == first.encoding() && operand.shape().rank() == first.shape().rank()
                                && operand.shape().with(along, first.shape().dim(along)).equals(first.shape()),
                        kind(), "operands that differ along axis " + along + " only", operands);
                size += operand.shape().size(along);
            }
            return new TensorType(first.shape().with(along, Dim.fixed(size)), first.encoding());
        }
    }
}
