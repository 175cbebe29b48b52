package org.intarsia.graph.op;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.intarsia.graph.GraphException;
import org.intarsia.graph.Op;
import org.intarsia.graph.TensorType;

/** An op without operands: where the values of a graph come from. */
public interface Leaf extends Op {

    TensorType type();

    @Override
    default TensorType infer(List<TensorType> operands) {
        Check.count(kind(), 0, operands);
        return type();
    }

    /** A leaf whose value is handed in from outside, under a name that is unique within its kind. */
    interface Named extends Leaf {
        String leafName();
    }

    /** A value that the caller writes before each run. */
    record Input(String leafName, TensorType type) implements Named {
        @Override
        public String kind() {
            return "input";
        }

        @Override
        public Op bind(Map<String, Long> sizes) {
            return new Input(leafName, type.bind(sizes));
        }
    }

    /** A weight: bound once, read only, in any encoding. */
    record Parameter(String leafName, TensorType type) implements Named {
        @Override
        public String kind() {
            return "parameter";
        }
    }

    /** Memory that outlives a run, such as a key/value cache: bound once, read and written. */
    record State(String leafName, TensorType type) implements Named {
        @Override
        public String kind() {
            return "state";
        }
    }

    /**
     * Values that are known when the graph is built.
     *
     * @param values one value for every element in row-major order, or a single one that all elements share
     */
    record Constant(TensorType type, double... values) implements Leaf {
        public Constant {
            if (values.length != 1 && values.length != type.shape().elements()) {
                throw new GraphException("constant: " + type + " takes 1 or " + type.shape().elements() + " values, got "
                        + values.length);
            }
            values = values.clone();
        }

        /** The value at a row-major index. */
        public double at(long index) {
            return values[values.length == 1 ? 0 : Math.toIntExact(index)];
        }

        public boolean isSplat() {
            return values.length == 1;
        }

        @Override
        public String kind() {
            return "constant";
        }

        @Override
        public Op bind(Map<String, Long> sizes) {
            return new Constant(type.bind(sizes), values);
        }

        @Override
        public String toString() {
            return "constant" + (values.length <= 4 ? Arrays.toString(values) : "[…]") + type;
        }
    }

    /** Each element's index along {@code axis}, counted from 0. */
    record Iota(TensorType type, int axis) implements Leaf {
        public Iota {
            axis = Check.axis("iota", axis, type.shape());
        }

        @Override
        public String kind() {
            return "iota";
        }

        @Override
        public Op bind(Map<String, Long> sizes) {
            return new Iota(type.bind(sizes), axis);
        }
    }
}
