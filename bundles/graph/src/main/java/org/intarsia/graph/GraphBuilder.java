package org.intarsia.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.intarsia.graph.op.Activation;
import org.intarsia.graph.op.Assign;
import org.intarsia.graph.op.Attention;
import org.intarsia.graph.op.Cast;
import org.intarsia.graph.op.Conv2d;
import org.intarsia.graph.op.CrossEntropy;
import org.intarsia.graph.op.Elementwise;
import org.intarsia.graph.op.Index;
import org.intarsia.graph.op.Leaf;
import org.intarsia.graph.op.MatMul;
import org.intarsia.graph.op.Move;
import org.intarsia.graph.op.NearestCode;
import org.intarsia.graph.op.Normalize;
import org.intarsia.graph.op.Random;
import org.intarsia.graph.op.Reduce;
import org.intarsia.graph.op.Rope;
import org.intarsia.graph.op.StateAppend;
import org.intarsia.graph.op.Upsample;

/**
 * Writes a graph down, one method an op. Start here to write a model.
 *
 * <p>Each method checks its operands and throws {@link GraphException} when they do not fit. An operand that is stored
 * in another encoding than ops compute in is cast where that is needed; {@code matMul}, {@code conv2d} and
 * {@code gather} take it as it is. Not safe for use by several threads.
 */
public final class GraphBuilder {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Node> leaves = new HashMap<>();
    private final Map<String, Node> named = new LinkedHashMap<>();
    private final Map<Node, Node> overwritten = new HashMap<>();

    // Leaves

    /** A value that is written before each run. The same name and type give the same node. */
    public Node input(String name, TensorType type) {
        return leaf(new Leaf.Input(name, type));
    }

    /** A weight. The same name and type give the same node. */
    public Node parameter(String name, TensorType type) {
        return leaf(new Leaf.Parameter(name, type));
    }

    /** Memory that outlives a run. The same name and type give the same node. */
    public Node state(String name, TensorType type) {
        return leaf(new Leaf.State(name, type));
    }

    private <L extends Leaf.Named> Node leaf(L leaf) {
        Node known = leaves.get(leaf.leafName());
        if (known == null) {
            known = add(leaf);
            leaves.put(leaf.leafName(), known);
        } else if (!known.op().equals(leaf)) {
            throw new GraphException(leaf.kind() + " '" + leaf.leafName() + "': the name is taken by a " + known.op().kind()
                    + " " + known.type() + ", asked for was " + leaf.type());
        }
        return known;
    }

    public Node constant(TensorType type, double... values) {
        return add(new Leaf.Constant(type, values));
    }

    /** A scalar constant in F32. */
    public Node scalar(double value) {
        return constant(TensorType.f32(Shape.SCALAR), value);
    }

    public Node iota(TensorType type, int axis) {
        return add(new Leaf.Iota(type, axis));
    }

    /** Uniform numbers in [0, 1) from an I32 scalar key; see {@link Random}. */
    public Node random(Shape shape, Node key) {
        return add(new Random(shape), key);
    }

    // Element by element

    public Node neg(Node x) {
        return elementwise(Elementwise.NEG, x);
    }

    public Node exp(Node x) {
        return elementwise(Elementwise.EXP, x);
    }

    public Node log(Node x) {
        return elementwise(Elementwise.LOG, x);
    }

    public Node sqrt(Node x) {
        return elementwise(Elementwise.SQRT, x);
    }

    public Node sin(Node x) {
        return elementwise(Elementwise.SIN, x);
    }

    public Node cos(Node x) {
        return elementwise(Elementwise.COS, x);
    }

    public Node tanh(Node x) {
        return elementwise(Elementwise.TANH, x);
    }

    public Node add(Node a, Node b) {
        return elementwise(Elementwise.ADD, a, b);
    }

    public Node sub(Node a, Node b) {
        return elementwise(Elementwise.SUB, a, b);
    }

    public Node mul(Node a, Node b) {
        return elementwise(Elementwise.MUL, a, b);
    }

    public Node div(Node a, Node b) {
        return elementwise(Elementwise.DIV, a, b);
    }

    public Node max(Node a, Node b) {
        return elementwise(Elementwise.MAX, a, b);
    }

    public Node less(Node a, Node b) {
        return elementwise(Elementwise.LESS, a, b);
    }

    public Node equal(Node a, Node b) {
        return elementwise(Elementwise.EQUAL, a, b);
    }

    public Node select(Node condition, Node then, Node otherwise) {
        return elementwise(Elementwise.SELECT, condition, then, otherwise);
    }

    /** 1 / (1 + exp(-x)), written with tanh so that it cannot overflow. */
    public Node sigmoid(Node x) {
        return mul(scalar(0.5), add(scalar(1), tanh(mul(scalar(0.5), x))));
    }

    /**
     * The error function, to within 1.5e-7: formula 7.1.26 of Abramowitz and Stegun, Handbook of Mathematical Functions,
     * 1964.
     */
    public Node erf(Node x) {
        Node size = max(x, neg(x));
        Node t = div(scalar(1), add(scalar(1), mul(scalar(0.3275911), size)));
        Node sum = scalar(1.061405429);
        for (double coefficient : new double[] {-1.453152027, 1.421413741, -0.284496736, 0.254829592}) {
            sum = add(mul(sum, t), scalar(coefficient));
        }
        Node positive = sub(scalar(1), mul(mul(sum, t), exp(neg(mul(size, size)))));
        return select(less(x, scalar(0)), neg(positive), positive);
    }

    private Node elementwise(Elementwise op, Node... operands) {
        for (int i = 0; i < operands.length; i++) {
            operands[i] = computed(operands[i]);
        }
        return add(op, operands);
    }

    public Node cast(Node x, Encoding encoding) {
        return x.encoding() == encoding ? x : add(new Cast(encoding), x);
    }

    /** {@code x} in the encoding that ops compute in. */
    public Node computed(Node x) {
        return cast(x, x.encoding().computed());
    }

    // Joining and moving

    public Node sum(Node x, int... axes) {
        return axes.length == 0 ? x : add(new Reduce.Sum(positive(x, axes)), computed(x));
    }

    public Node mean(Node x, int axis) {
        return mul(sum(x, axis), scalar(1.0 / x.shape().size(axis)));
    }

    public Node maxReduce(Node x, int... axes) {
        return add(new Reduce.Max(positive(x, axes)), computed(x));
    }

    public Node argMax(Node x, int axis) {
        return add(new Reduce.ArgMax(positive(x, axis).getFirst()), computed(x));
    }

    private static List<Integer> positive(Node x, int... axes) {
        return IntStream.of(axes).map(axis -> axis < 0 ? axis + x.shape().rank() : axis).boxed().toList();
    }

    public Node reshape(Node x, Shape shape) {
        return x.shape().equals(shape) ? x : add(new Move.Reshape(shape), x);
    }

    public Node permute(Node x, Integer... order) {
        boolean same = IntStream.range(0, order.length).allMatch(axis -> order[axis] == axis);
        return same && order.length == x.shape().rank() ? x : add(new Move.Permute(List.of(order)), x);
    }

    public Node broadcast(Node x, Shape shape) {
        return x.shape().equals(shape) ? x : add(new Move.Broadcast(shape), x);
    }

    public Node slice(Node x, List<Long> start, List<Long> limit, List<Long> stride) {
        return add(new Move.Slice(start, limit, stride), x);
    }

    /** The elements from {@code start} up to but without {@code limit} along one axis. */
    public Node slice(Node x, int axis, long start, long limit) {
        int rank = x.shape().rank();
        List<Long> starts = new ArrayList<>(Collections.nCopies(rank, 0L));
        List<Long> limits = new ArrayList<>(Collections.nCopies(rank, Move.Slice.END));
        starts.set(axis, start);
        limits.set(axis, limit);
        return slice(x, starts, limits, Collections.nCopies(rank, 1L));
    }

    public Node pad(Node x, List<Long> low, List<Long> high, List<Long> interior) {
        boolean nothing = IntStream.range(0, low.size())
                .allMatch(axis -> low.get(axis) == 0 && high.get(axis) == 0 && interior.get(axis) == 0);
        return nothing ? x : add(new Move.Pad(low, high, interior), x);
    }

    public Node concat(int axis, Node... operands) {
        return operands.length == 1 ? operands[0] : add(new Move.Concat(axis), operands);
    }

    public Node gather(Node table, Node indices) {
        return add(new Index.Gather(), table, indices);
    }

    public Node scatterAdd(Node indices, Node added, long rows) {
        return add(new Index.ScatterAdd(rows), indices, added);
    }

    // Products

    public Node matMul(Node a, Node b, boolean transposeA, boolean transposeB) {
        return add(new MatMul(transposeA, transposeB), computed(a), b);
    }

    /** x (…, in) · weightᵀ, weight (out, in) → (…, out): a linear layer without bias. */
    public Node linear(Node x, Node weight) {
        Shape shape = x.shape();
        Shape rows = Shape.of(new Shape(shape.dims().subList(0, shape.rank() - 1)).count(), shape.dim(-1));
        Node product = matMul(reshape(x, rows), weight, false, true);
        return reshape(product, shape.with(-1, weight.shape().dim(0)));
    }

    public Node conv2d(Node x, Node weight, Conv2d.Window window) {
        return add(new Conv2d(window), computed(x), weight);
    }

    // Fused ops

    public Node rmsNorm(Node x, Node weight, double epsilon) {
        return add(new Normalize.RmsNorm(epsilon), x, computed(weight));
    }

    public Node layerNorm(Node x, Node weight, Node bias, double epsilon) {
        return add(new Normalize.LayerNorm(epsilon), x, computed(weight), computed(bias));
    }

    public Node groupNorm(Node x, Node weight, Node bias, int groups, double epsilon) {
        return add(new Normalize.GroupNorm(groups, epsilon), x, computed(weight), computed(bias));
    }

    public Node softmax(Node x) {
        return add(new Activation.Softmax(), x);
    }

    public Node silu(Node x) {
        return add(new Activation.Silu(), x);
    }

    /** The form with tanh, which its authors give as an approximation. */
    public Node gelu(Node x) {
        return add(new Activation.Gelu(), x);
    }

    /** The form that the approximation is of: x times the normal distribution's share below x. */
    public Node exactGelu(Node x) {
        return mul(mul(scalar(0.5), x), add(scalar(1), erf(mul(x, scalar(Math.sqrt(0.5))))));
    }

    public Node swiGlu(Node gate, Node up) {
        return add(new Activation.SwiGlu(), gate, up);
    }

    public Node rope(Node x, Node position, List<Double> frequencies) {
        return add(new Rope(frequencies, false), x, position);
    }

    /** Attention of every query to every key. */
    public Node attention(Node q, Node k, Node v, double scale) {
        return add(new Attention(scale, false), q, k, v);
    }

    /** Attention of every query to the keys up to its own position. */
    public Node causalAttention(Node q, Node k, Node v, Node position, double scale) {
        return add(new Attention(scale, true), q, k, v, position);
    }

    /** The same over a cache, where {@code slot} says which row belongs to which sequence. */
    public Node causalAttention(Node q, Node k, Node v, Node position, Node slot, double scale) {
        return add(new Attention(scale, true), q, k, v, position, slot);
    }

    public Node upsample(Node x, int factor) {
        return add(new Upsample(factor), x);
    }

    public Node crossEntropy(Node logits, Node target, double zLoss) {
        return add(new CrossEntropy(zLoss), logits, target);
    }

    public Node nearestCode(Node x, Node codebook) {
        return add(new NearestCode(), x, computed(codebook));
    }

    // States

    public Node stateAppend(Node state, Node values, Node position, Node slot) {
        return add(new StateAppend(), state, values, position, slot);
    }

    public Node assign(Node state, Node value) {
        return add(new Assign(), state, value);
    }

    // Any op, names, the end

    /** Adds a node; every other method ends here. */
    public Node add(Op op, Node... operands) {
        for (Node operand : operands) {
            if (operand.id() >= nodes.size() || nodes.get(operand.id()) != operand) {
                throw new GraphException(op.kind() + ": operand " + operand + " belongs to another graph");
            }
            refuseOverwritten(op.kind() + ": operand", operand);
        }
        List<Node> list = List.of(operands);
        Node node = new Node(nodes.size(), op, list, op.infer(list.stream().map(Node::type).toList()));
        nodes.add(node);
        if (op.writesState()) {
            Node state = node.operand(0);
            if (!(state.op() instanceof Leaf.State) && !overwritten.containsValue(state)) {
                throw new GraphException(op.kind() + ": only a state can be written, got " + state);
            }
            overwritten.put(state, node);
        }
        return node;
    }

    private void refuseOverwritten(String what, Node node) {
        Node memory = node;
        while (memory.op().alias() >= 0 && !memory.op().writesState()) {
            memory = memory.operand(memory.op().alias());
        }
        Node newer = overwritten.get(memory);
        if (newer != null) {
            throw new GraphException(what + " " + node + " was overwritten by " + newer + "; read that instead");
        }
    }

    /** Gives an intermediate value a name under which it can be asked for later, and returns it. */
    public Node name(String name, Node node) {
        if (named.putIfAbsent(name, node) != null) {
            throw new GraphException("the name '" + name + "' is taken; each named value needs one of its own");
        }
        return node;
    }

    /** The named intermediate values, in the order in which they were named. */
    public Map<String, Node> named() {
        return Collections.unmodifiableMap(named);
    }

    /** The parameters so far, by name: what a loss may be differentiated by. */
    public Map<String, Node> parameters() {
        Map<String, Node> parameters = new TreeMap<>(leaves);
        parameters.values().removeIf(node -> !(node.op() instanceof Leaf.Parameter));
        return parameters;
    }

    /** The nodes so far, in the order in which they are computed. */
    List<Node> nodes() {
        return nodes;
    }

    /**
     * The graph of all that the outputs and the written states need.
     *
     * @throws GraphException when an output is a state that was overwritten, or a view of one: at the end of a run its
     *                        value is gone
     */
    public Graph build(Map<String, Node> outputs) {
        outputs.forEach((name, node) -> refuseOverwritten("output '" + name + "':", node));
        boolean[] needed = new boolean[nodes.size()];
        outputs.values().forEach(node -> needed[node.id()] = true);
        overwritten.values().forEach(node -> needed[node.id()] = true);
        for (int id = nodes.size() - 1; id >= 0; id--) {
            if (needed[id]) {
                nodes.get(id).operands().forEach(operand -> needed[operand.id()] = true);
            }
        }
        Map<Node, Node> kept = new HashMap<>();
        List<Node> order = new ArrayList<>();
        for (Node node : nodes) {
            if (needed[node.id()]) {
                Node copy = new Node(order.size(), node.op(), node.operands().stream().map(kept::get).toList(), node.type());
                order.add(copy);
                kept.put(node, copy);
            }
        }
        Map<String, Node> results = new LinkedHashMap<>();
        outputs.forEach((name, node) -> results.put(name, kept.get(node)));
        return new Graph(order, results);
    }
}
