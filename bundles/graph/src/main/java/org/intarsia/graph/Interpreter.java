package org.intarsia.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.intarsia.graph.op.Cast;
import org.intarsia.graph.op.Index;
import org.intarsia.graph.op.Leaf;
import org.intarsia.graph.op.MatMul;
import org.intarsia.graph.op.Move;
import org.intarsia.graph.op.Random;
import org.intarsia.graph.op.Reduce;

/**
 * Computes a graph in float64, plainly and slowly: this class defines what every core op means, and through their
 * decompositions what every fused op means. Integers are doubles too, which hold them exactly.
 */
public final class Interpreter {
    private static final Map<String, Evaluator> EVALUATORS = new HashMap<>();

    /** The value of a node from the values of its operands, all row-major. */
    private interface Evaluator {
        double[] evaluate(Node node, List<double[]> operands);
    }

    private Interpreter() {
    }

    /**
     * Runs a graph once.
     *
     * @param graph  the graph; it is decomposed into core ops first
     * @param values inputs, parameters and states by name, row-major, already decoded; states are overwritten in place
     * @param sizes  the named sizes
     * @return the outputs by name
     */
    public static Map<String, double[]> run(Graph graph, Map<String, double[]> values, Map<String, Long> sizes) {
        Graph core = Lowering.toCore(graph.bind(sizes));
        double[][] results = new double[core.nodes().size()][];
        for (Node node : core.nodes()) {
            List<double[]> operands = node.operands().stream().map(operand -> results[operand.id()]).toList();
            results[node.id()] = evaluate(node, operands, values);
        }
        Map<String, double[]> outputs = new LinkedHashMap<>();
        core.outputs().forEach((name, node) -> outputs.put(name, results[node.id()].clone()));
        return outputs;
    }

    private static double[] evaluate(Node node, List<double[]> operands, Map<String, double[]> values) {
        if (node.op() instanceof Leaf.Named leaf) {
            double[] value = values.get(leaf.leafName());
            if (value == null || value.length != node.shape().elements()) {
                throw new GraphException(leaf.kind() + " '" + leaf.leafName() + "': expected " + node.shape().elements()
                        + " values for " + node.type() + ", got " + (value == null ? "none" : value.length));
            }
            // A state is shared so that writing it is seen; what has read it so far must keep the old value.
            return leaf instanceof Leaf.State ? value : value.clone();
        }
        if (node.op().writesState()) {
            System.arraycopy(operands.get(1), 0, operands.get(0), 0, operands.get(0).length);
            return operands.get(0);
        }
        Evaluator evaluator = EVALUATORS.get(node.op().kind());
        if (evaluator == null) {
            throw new GraphException("interpreter: " + node.op().kind() + " is no core op and has no decomposition");
        }
        return evaluator.evaluate(node, operands);
    }

    static {
        EVALUATORS.put("constant", (node, in) -> fill(node, i -> ((Leaf.Constant) node.op()).at(i)));
        EVALUATORS.put("iota", (node, in) -> {
            int axis = ((Leaf.Iota) node.op()).axis();
            long stride = node.shape().strides()[axis];
            return fill(node, i -> i / stride % node.shape().size(axis));
        });
        EVALUATORS.put("random", (node, in) -> fill(node, i -> Random.at((int) in.get(0)[0], (int) i)));

        unary("neg", x -> -x);
        unary("exp", Math::exp);
        unary("log", Math::log);
        unary("sqrt", Math::sqrt);
        unary("sin", Math::sin);
        unary("cos", Math::cos);
        unary("tanh", Math::tanh);
        binary("add", Double::sum);
        binary("sub", (a, b) -> a - b);
        binary("mul", (a, b) -> a * b);
        binary("max", Math::max);
        binary("less", (a, b) -> a < b ? 1 : 0);
        binary("equal", (a, b) -> a == b ? 1 : 0);
        EVALUATORS.put("div", (node, in) -> {
            boolean integer = node.encoding().isInteger();
            return zip(node, in, (a, b) -> integer ? (int) a / (int) b : a / b);
        });
        EVALUATORS.put("select", (node, in) -> {
            double[] condition = repeat(in.get(0), node.operand(0).shape(), node.shape());
            double[] then = repeat(in.get(1), node.operand(1).shape(), node.shape());
            double[] otherwise = repeat(in.get(2), node.operand(2).shape(), node.shape());
            return fill(node, i -> condition[(int) i] != 0 ? then[(int) i] : otherwise[(int) i]);
        });
        EVALUATORS.put("cast", (node, in) -> {
            Encoding encoding = ((Cast) node.op()).encoding();
            return fill(node, i -> cast(in.get(0)[(int) i], encoding));
        });

        EVALUATORS.put("sum", (node, in) -> reduce(node, in.get(0), 0, Double::sum));
        EVALUATORS.put("maxReduce", (node, in) -> reduce(node, in.get(0), Double.NEGATIVE_INFINITY, Math::max));
        EVALUATORS.put("argMax", Interpreter::argMax);
        EVALUATORS.put("reshape", (node, in) -> in.get(0));
        EVALUATORS.put("broadcast", (node, in) -> repeat(in.get(0), node.operand(0).shape(), node.shape()));
        EVALUATORS.put("permute", (node, in) -> {
            List<Integer> order = ((Move.Permute) node.op()).order();
            return gatherBy(node, in.get(0), node.operand(0).shape(), (index, source) -> {
                for (int axis = 0; axis < index.length; axis++) {
                    source[order.get(axis)] = index[axis];
                }
            });
        });
        EVALUATORS.put("slice", (node, in) -> {
            Move.Slice slice = (Move.Slice) node.op();
            return gatherBy(node, in.get(0), node.operand(0).shape(), (index, source) -> {
                for (int axis = 0; axis < index.length; axis++) {
                    source[axis] = slice.start().get(axis) + index[axis] * slice.stride().get(axis);
                }
            });
        });
        EVALUATORS.put("pad", Interpreter::pad);
        EVALUATORS.put("concat", Interpreter::concat);
        EVALUATORS.put("gather", (node, in) -> {
            int row = Math.toIntExact(node.operand(0).shape().drop(1).elements());
            double[] result = new double[in.get(1).length * row];
            for (int i = 0; i < in.get(1).length; i++) {
                System.arraycopy(in.get(0), index(node, in.get(1)[i], node.operand(0).shape().size(0)) * row, result,
                        i * row, row);
            }
            return result;
        });
        EVALUATORS.put("scatterAdd", (node, in) -> {
            int row = Math.toIntExact(node.shape().drop(1).elements());
            double[] result = new double[Math.toIntExact(node.shape().elements())];
            for (int i = 0; i < in.get(0).length; i++) {
                int target = index(node, in.get(0)[i], ((Index.ScatterAdd) node.op()).rows()) * row;
                for (int j = 0; j < row; j++) {
                    result[target + j] += in.get(1)[i * row + j];
                }
            }
            return result;
        });
        EVALUATORS.put("matMul", Interpreter::matMul);
    }

    private interface At {
        double value(long index);
    }

    private interface Source {
        void locate(long[] index, long[] source);
    }

    private static void unary(String kind, DoubleUnaryOperator function) {
        EVALUATORS.put(kind, (node, in) -> Arrays.stream(in.get(0)).map(function).toArray());
    }

    private static void binary(String kind, DoubleBinaryOperator function) {
        EVALUATORS.put(kind, (node, in) -> zip(node, in, function));
    }

    private static double[] zip(Node node, List<double[]> in, DoubleBinaryOperator function) {
        double[] a = repeat(in.get(0), node.operand(0).shape(), node.shape());
        double[] b = repeat(in.get(1), node.operand(1).shape(), node.shape());
        return fill(node, i -> function.applyAsDouble(a[(int) i], b[(int) i]));
    }

    private static double[] fill(Node node, At at) {
        double[] result = new double[Math.toIntExact(node.shape().elements())];
        for (int i = 0; i < result.length; i++) {
            result[i] = at.value(i);
        }
        return result;
    }

    /** The operand repeated to the wide shape, aligned at the innermost dimension. */
    private static double[] repeat(double[] values, Shape narrow, Shape wide) {
        if (narrow.equals(wide)) {
            return values;
        }
        long[] strides = narrow.strides();
        int added = wide.rank() - narrow.rank();
        for (int axis = 0; axis < strides.length; axis++) {
            if (narrow.size(axis) == 1) {
                strides[axis] = 0;
            }
        }
        double[] result = new double[Math.toIntExact(wide.elements())];
        long[] index = new long[wide.rank()];
        for (int i = 0; i < result.length; i++) {
            long from = 0;
            for (int axis = added; axis < index.length; axis++) {
                from += index[axis] * strides[axis - added];
            }
            result[i] = values[(int) from];
            advance(index, wide);
        }
        return result;
    }

    /** Steps to the next index in row-major order. */
    private static void advance(long[] index, Shape shape) {
        for (int axis = index.length - 1; axis >= 0; axis--) {
            if (++index[axis] < shape.size(axis)) {
                return;
            }
            index[axis] = 0;
        }
    }

    private static int flat(long[] index, long[] strides) {
        long at = 0;
        for (int axis = 0; axis < index.length; axis++) {
            at += index[axis] * strides[axis];
        }
        return Math.toIntExact(at);
    }

    private static double[] gatherBy(Node node, double[] values, Shape from, Source source) {
        long[] strides = from.strides();
        long[] index = new long[node.shape().rank()];
        long[] place = new long[from.rank()];
        double[] result = new double[Math.toIntExact(node.shape().elements())];
        for (int i = 0; i < result.length; i++) {
            source.locate(index, place);
            result[i] = values[flat(place, strides)];
            advance(index, node.shape());
        }
        return result;
    }

    private static double cast(double value, Encoding encoding) {
        return switch (encoding) {
            case F32 -> value;
            case F16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
            case BF16 -> Float.intBitsToFloat((int) Encoding.BF16.bits(value) << 16);
            case I32 -> (int) value;
            case I64 -> (long) value;
            default -> throw new GraphException("interpreter: nothing is computed into " + encoding);
        };
    }

    private static double[] reduce(Node node, double[] values, double start, DoubleBinaryOperator join) {
        Shape wide = node.operand(0).shape();
        double[] result = new double[Math.toIntExact(node.shape().elements())];
        Arrays.fill(result, start);
        long[] strides = node.shape().strides();
        ((Reduce) node.op()).axes().forEach(axis -> strides[axis] = 0);
        long[] index = new long[wide.rank()];
        for (double value : values) {
            int at = flat(index, strides);
            result[at] = join.applyAsDouble(result[at], value);
            advance(index, wide);
        }
        return result;
    }

    private static double[] argMax(Node node, List<double[]> in) {
        Shape wide = node.operand(0).shape();
        int axis = ((Reduce.ArgMax) node.op()).axis();
        double[] largest = new double[Math.toIntExact(node.shape().elements())];
        double[] result = new double[largest.length];
        Arrays.fill(largest, Double.NEGATIVE_INFINITY);
        long[] strides = node.shape().strides();
        strides[axis] = 0;
        long[] index = new long[wide.rank()];
        for (double value : in.get(0)) {
            int at = flat(index, strides);
            if (value > largest[at]) {
                largest[at] = value;
                result[at] = index[axis];
            }
            advance(index, wide);
        }
        return result;
    }

    private static double[] pad(Node node, List<double[]> in) {
        Move.Pad pad = (Move.Pad) node.op();
        Shape inner = node.operand(0).shape();
        long[] strides = node.shape().strides();
        double[] result = new double[Math.toIntExact(node.shape().elements())];
        long[] index = new long[inner.rank()];
        for (double value : in.get(0)) {
            long at = 0;
            for (int axis = 0; axis < index.length; axis++) {
                at += (pad.low().get(axis) + index[axis] * (pad.interior().get(axis) + 1)) * strides[axis];
            }
            result[(int) at] = value;
            advance(index, inner);
        }
        return result;
    }

    private static double[] concat(Node node, List<double[]> in) {
        int axis = ((Move.Concat) node.op()).axis();
        int along = axis < 0 ? axis + node.shape().rank() : axis;
        int outer = Math.toIntExact(new Shape(node.shape().dims().subList(0, along)).elements());
        int whole = Math.toIntExact(node.shape().drop(along).elements());
        double[] result = new double[outer * whole];
        int start = 0;
        for (int operand = 0; operand < in.size(); operand++) {
            int part = Math.toIntExact(node.operand(operand).shape().drop(along).elements());
            for (int row = 0; row < outer; row++) {
                System.arraycopy(in.get(operand), row * part, result, row * whole + start, part);
            }
            start += part;
        }
        return result;
    }

    private static int index(Node node, double value, long rows) {
        if (value < 0 || value >= rows) {
            throw new GraphException(node.op().kind() + ": index " + (long) value + " lies outside 0 to " + (rows - 1));
        }
        return (int) value;
    }

    private static double[] matMul(Node node, List<double[]> in) {
        MatMul op = (MatMul) node.op();
        Shape shape = node.shape();
        int rank = shape.rank();
        Shape batch = new Shape(shape.dims().subList(0, rank - 2));
        double[] a = repeat(in.get(0), node.operand(0).shape(), batch.concat(inner(node.operand(0))));
        double[] b = repeat(in.get(1), node.operand(1).shape(), batch.concat(inner(node.operand(1))));
        int m = Math.toIntExact(shape.size(-2));
        int n = Math.toIntExact(shape.size(-1));
        int k = Math.toIntExact(node.operand(0).shape().size(op.transposeA() ? -2 : -1));
        double[] result = new double[Math.toIntExact(shape.elements())];
        for (int i = 0; i < result.length; i++) {
            int matrix = i / (m * n);
            int row = i / n % m;
            int column = i % n;
            double sum = 0;
            for (int j = 0; j < k; j++) {
                double left = a[matrix * m * k + (op.transposeA() ? j * m + row : row * k + j)];
                double right = b[matrix * k * n + (op.transposeB() ? column * k + j : j * n + column)];
                sum += left * right;
            }
            result[i] = sum;
        }
        return result;
    }

    private static Shape inner(Node node) {
        return node.shape().drop(node.shape().rank() - 2);
    }
}
