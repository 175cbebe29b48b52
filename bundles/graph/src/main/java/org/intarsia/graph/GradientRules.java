package org.intarsia.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.intarsia.graph.op.Activation;
import org.intarsia.graph.op.Attention;
import org.intarsia.graph.op.Conv2d;
import org.intarsia.graph.op.CrossEntropy;
import org.intarsia.graph.op.MatMul;
import org.intarsia.graph.op.Move;
import org.intarsia.graph.op.Normalize;
import org.intarsia.graph.op.Reduce;
import org.intarsia.graph.op.Rope;

/**
 * One gradient rule for each core op, and for those fused ops where a rule of their own saves much work.
 *
 * <p>To add one: take the graph, the node and the gradient of its result, and return a gradient for each operand, of the
 * operand's shape, or null where none flows.
 */
final class GradientRules {
    private static final Map<String, Rule> RULES = new HashMap<>();

    /** How the gradient of a result becomes the gradients of the operands. */
    interface Rule {
        List<Node> apply(GraphBuilder g, Node node, Node gradient);
    }

    private GradientRules() {
    }

    static Optional<Rule> find(Node node) {
        if (node.op() instanceof Attention attention && !hasGradient(attention, node)) {
            return Optional.empty();
        }
        return Optional.ofNullable(RULES.get(node.op().kind()));
    }

    /** Of three different values of known sizes, each sequence with its own row of keys; all else is decomposed. */
    private static boolean hasGradient(Attention attention, Node node) {
        List<Node> inputs = node.operands().subList(0, 3);
        return node.operands().size() == (attention.causal() ? 4 : 3) && inputs.stream().distinct().count() == 3
                && inputs.stream().allMatch(input -> input.shape().isFixed());
    }

    private static List<Node> attention(GraphBuilder g, Node node, Node d) {
        Attention op = (Attention) node.op();
        List<Node> operands = new ArrayList<>(node.operands());
        operands.add(d);
        Node all = g.add(new Attention.Gradient(op.scale(), op.causal()), operands.toArray(Node[]::new));
        List<Node> parts = new ArrayList<>();
        long first = 0;
        for (Node input : node.operands().subList(0, 3)) {
            long behind = first + input.shape().elements();
            parts.add(g.reshape(g.slice(all, 0, first, behind), input.shape()));
            first = behind;
        }
        while (parts.size() < node.operands().size()) {
            parts.add(null);
        }
        return parts;
    }

    static {
        // Element by element; what an operand was broadcast to is summed back.
        rule("neg", (g, node, d) -> one(g.neg(d)));
        rule("exp", (g, node, d) -> one(g.mul(d, node)));
        rule("log", (g, node, d) -> one(g.div(d, node.operand(0))));
        rule("sqrt", (g, node, d) -> one(g.mul(d, g.div(g.scalar(0.5), node))));
        rule("sin", (g, node, d) -> one(g.mul(d, g.cos(node.operand(0)))));
        rule("cos", (g, node, d) -> one(g.neg(g.mul(d, g.sin(node.operand(0))))));
        rule("tanh", (g, node, d) -> one(g.mul(d, g.sub(g.scalar(1), g.mul(node, node)))));
        rule("add", (g, node, d) -> two(unbroadcast(g, d, node.operand(0)), unbroadcast(g, d, node.operand(1))));
        rule("sub", (g, node, d) -> two(unbroadcast(g, d, node.operand(0)),
                g.neg(unbroadcast(g, d, node.operand(1)))));
        rule("mul", (g, node, d) -> two(unbroadcast(g, g.mul(d, node.operand(1)), node.operand(0)),
                unbroadcast(g, g.mul(d, node.operand(0)), node.operand(1))));
        rule("div", (g, node, d) -> {
            Node scaled = g.div(d, node.operand(1));
            return two(unbroadcast(g, scaled, node.operand(0)),
                    unbroadcast(g, g.neg(g.mul(scaled, node)), node.operand(1)));
        });
        rule("max", (g, node, d) -> {
            // Where both are equal the first one takes the gradient.
            Node second = g.less(node.operand(0), node.operand(1));
            return two(unbroadcast(g, g.select(second, g.scalar(0), d), node.operand(0)),
                    unbroadcast(g, g.select(second, d, g.scalar(0)), node.operand(1)));
        });
        rule("select", (g, node, d) -> Arrays.asList(null,
                unbroadcast(g, g.select(node.operand(0), d, g.scalar(0)), node.operand(1)),
                unbroadcast(g, g.select(node.operand(0), g.scalar(0), d), node.operand(2))));
        rule("cast", (g, node, d) -> one(g.cast(d, node.operand(0).encoding().computed())));

        // Joining and moving.
        rule("sum", (g, node, d) -> one(g.broadcast(d, node.operand(0).shape())));
        rule("maxReduce", (g, node, d) -> {
            Node hit = g.cast(g.equal(node.operand(0), node), Encoding.F32);
            Node share = g.div(d, g.sum(hit, ((Reduce) node.op()).axes().stream().mapToInt(axis -> axis).toArray()));
            return one(g.mul(hit, share));
        });
        rule("reshape", (g, node, d) -> one(g.reshape(d, node.operand(0).shape())));
        rule("permute", (g, node, d) -> {
            List<Integer> order = ((Move.Permute) node.op()).order();
            Integer[] back = new Integer[order.size()];
            IntStream.range(0, back.length).forEach(axis -> back[order.get(axis)] = axis);
            return one(g.permute(d, back));
        });
        rule("broadcast", (g, node, d) -> one(unbroadcast(g, d, node.operand(0))));
        rule("slice", GradientRules::slice);
        rule("pad", GradientRules::pad);
        rule("concat", GradientRules::concat);
        rule("gather", (g, node, d) -> Arrays.asList(
                g.scatterAdd(node.operand(1), d, node.operand(0).shape().size(0)), null));
        rule("scatterAdd", (g, node, d) -> Arrays.asList(null, g.gather(d, node.operand(0))));
        rule("matMul", GradientRules::matMul);

        // Fused ops whose decomposition would cost many passes over memory.
        rule("silu", (g, node, d) -> one(g.add(new Activation.SiluGradient(), node.operand(0), d)));
        rule("swiGlu", (g, node, d) -> two(
                g.add(new Activation.SiluGradient(), node.operand(0), g.mul(d, node.operand(1))),
                g.mul(d, g.silu(node.operand(0)))));
        rule("softmax", (g, node, d) -> one(g.add(new Activation.SoftmaxGradient(), node, d)));
        rule("rope", (g, node, d) -> {
            Rope rope = (Rope) node.op();
            return Arrays.asList(g.add(new Rope(rope.frequencies(), !rope.inverse()), d, node.operand(1)), null);
        });
        rule("rmsNorm", (g, node, d) -> {
            Node x = node.operand(0);
            double epsilon = ((Normalize) node.op()).epsilon();
            Node ones = g.constant(node.operand(1).type(), 1);
            return two(g.add(new Normalize.NormalizeGradient(false, epsilon), x, g.mul(d, node.operand(1))),
                    unbroadcast(g, g.mul(d, g.rmsNorm(x, ones, epsilon)), node.operand(1)));
        });
        rule("layerNorm", (g, node, d) -> {
            Node x = node.operand(0);
            double epsilon = ((Normalize) node.op()).epsilon();
            Node normal = g.layerNorm(x, g.constant(node.operand(1).type(), 1), g.constant(node.operand(1).type(), 0), epsilon);
            return List.of(g.add(new Normalize.NormalizeGradient(true, epsilon), x, g.mul(d, node.operand(1))),
                    unbroadcast(g, g.mul(d, normal), node.operand(1)), unbroadcast(g, d, node.operand(2)));
        });
        rule("groupNorm", GradientRules::groupNorm);
        rule("crossEntropy", (g, node, d) -> Arrays.asList(
                g.add(new CrossEntropy.Gradient(((CrossEntropy) node.op()).zLoss()), node.operand(0), node.operand(1), d), null));
        rule("attention", GradientRules::attention);
        rule("conv2d", GradientRules::conv2d);
    }

    private static void rule(String kind, Rule rule) {
        RULES.put(kind, rule);
    }

    private static List<Node> one(Node gradient) {
        return Collections.singletonList(gradient);
    }

    private static List<Node> two(Node first, Node second) {
        return Arrays.asList(first, second);
    }

    /** Sums a gradient over the dimensions along which {@code operand} was repeated. */
    private static Node unbroadcast(GraphBuilder g, Node gradient, Node operand) {
        Shape wide = gradient.shape();
        Shape narrow = operand.shape();
        int added = wide.rank() - narrow.rank();
        int[] axes = IntStream.range(0, wide.rank()).filter(axis -> axis < added
                || narrow.dim(axis - added).equals(Dim.fixed(1)) && !wide.dim(axis).equals(Dim.fixed(1))).toArray();
        return g.reshape(g.sum(gradient, axes), narrow);
    }

    private static List<Node> slice(GraphBuilder g, Node node, Node d) {
        Move.Slice slice = (Move.Slice) node.op();
        Shape whole = node.operand(0).shape();
        List<Long> high = new ArrayList<>();
        List<Long> interior = new ArrayList<>();
        for (int axis = 0; axis < whole.rank(); axis++) {
            boolean untouched = node.shape().dim(axis).equals(whole.dim(axis));
            long stride = slice.stride().get(axis);
            interior.add(stride - 1);
            high.add(untouched ? 0
                    : whole.size(axis) - slice.start().get(axis) - (node.shape().size(axis) - 1) * stride - 1);
        }
        return one(g.pad(d, slice.start(), high, interior));
    }

    private static List<Node> pad(GraphBuilder g, Node node, Node d) {
        Move.Pad pad = (Move.Pad) node.op();
        Shape inner = node.operand(0).shape();
        List<Long> limit = new ArrayList<>();
        List<Long> stride = new ArrayList<>();
        for (int axis = 0; axis < inner.rank(); axis++) {
            long step = pad.interior().get(axis) + 1;
            boolean untouched = node.shape().dim(axis).equals(inner.dim(axis));
            stride.add(step);
            limit.add(untouched ? Move.Slice.END : pad.low().get(axis) + (inner.size(axis) - 1) * step + 1);
        }
        return one(g.slice(d, pad.low(), limit, stride));
    }

    private static List<Node> concat(GraphBuilder g, Node node, Node d) {
        int axis = ((Move.Concat) node.op()).axis();
        int along = axis < 0 ? axis + node.shape().rank() : axis;
        List<Node> parts = new ArrayList<>();
        long start = 0;
        for (Node operand : node.operands()) {
            long end = start + operand.shape().size(along);
            parts.add(g.slice(d, along, start, end));
            start = end;
        }
        return parts;
    }

    private static List<Node> matMul(GraphBuilder g, Node node, Node d) {
        MatMul op = (MatMul) node.op();
        Node a = node.operand(0);
        Node b = node.operand(1);
        Node forA = op.transposeA() ? g.matMul(b, d, op.transposeB(), true) : g.matMul(d, b, false, !op.transposeB());
        Node forB = op.transposeB() ? g.matMul(d, a, true, op.transposeA()) : g.matMul(a, d, !op.transposeA(), false);
        return two(unbroadcast(g, forA, a), unbroadcast(g, forB, b));
    }

    private static List<Node> groupNorm(GraphBuilder g, Node node, Node d) {
        Normalize.GroupNorm op = (Normalize.GroupNorm) node.op();
        Node x = node.operand(0);
        Node weight = node.operand(1);
        Shape channels = Shape.of(weight.shape().dim(0), Dim.fixed(1), Dim.fixed(1));
        Shape grouped = Normalize.grouped(x.shape(), op.groups());
        Node scaled = g.reshape(g.mul(d, g.reshape(weight, channels)), grouped);
        Node forX = g.add(new Normalize.NormalizeGradient(true, op.epsilon()), g.reshape(x, grouped), scaled);
        Node normal = g.groupNorm(x, g.constant(weight.type(), 1), g.constant(weight.type(), 0), op.groups(), op.epsilon());
        return List.of(g.reshape(forX, x.shape()), g.reshape(g.sum(g.mul(d, normal), 0, 2, 3), weight.shape()),
                g.reshape(g.sum(d, 0, 2, 3), weight.shape()));
    }

    /** The gradient of the picture is again a convolution, with the kernel turned round and the steps filled with zeros. */
    private static List<Node> conv2d(GraphBuilder g, Node node, Node d) {
        Conv2d.Window window = ((Conv2d) node.op()).window();
        Node x = node.operand(0);
        Node weight = g.computed(node.operand(1));
        Shape kernel = weight.shape();
        long height = kernel.size(2);
        long width = kernel.size(3);
        long step = window.stride() - 1;
        // Rows and columns that the last step did not reach get zeros.
        long missingRows = x.shape().size(2) + window.top() + window.bottom() - height
                - (d.shape().size(2) - 1) * window.stride();
        long missingColumns = x.shape().size(3) + window.left() + window.right() - width
                - (d.shape().size(3) - 1) * window.stride();
        Node spread = g.pad(d, List.of(0L, 0L, 0L, 0L), List.of(0L, 0L, missingRows, missingColumns),
                List.of(0L, 0L, step, step));
        double[] backwards = LongStream.range(0, height * width).mapToDouble(i -> height * width - 1 - i).toArray();
        Node order = g.constant(TensorType.i32(height * width), backwards);
        Node byPlace = g.permute(g.reshape(weight, Shape.of(kernel.size(0), kernel.size(1), height * width)), 2, 1, 0);
        Node turned = g.reshape(g.permute(g.gather(byPlace, order), 1, 2, 0),
                Shape.of(kernel.size(1), kernel.size(0), height, width));
        Conv2d.Window back = new Conv2d.Window(1, (int) height - 1 - window.top(), (int) height - 1 - window.bottom(),
                (int) width - 1 - window.left(), (int) width - 1 - window.right());
        if (back.top() < 0 || back.bottom() < 0 || back.left() < 0 || back.right() < 0) {
            throw new GraphException("conv2d: no gradient for a padding that is wider than the kernel: " + window);
        }
        Node forWeight = g.add(new Conv2d.WeightGradient(window, (int) height, (int) width), x, d);
        return two(g.conv2d(spread, turned, back), forWeight);
    }
}
