package org.intarsia.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.intarsia.graph.op.Attention;
import org.intarsia.graph.op.Conv2d.Window;
import org.intarsia.graph.op.Move;
import org.intarsia.graph.op.Rope;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every gradient rule against central finite differences, and against the way through the decomposition. */
class GradientsTest {
    /** In float64 the error of a central difference is about step² + rounding / step: 10⁻¹⁰. */
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 2e-7;

    private static final Map<String, Function<Sample, Node>> CASES = new LinkedHashMap<>();

    static {
        elementwise();
        reductions();
        moves();
        indices();
        products();
        fused();
        attention();
        pictures();
        losses();
        twice();
    }

    private static void elementwise() {
        on("neg", s -> s.graph.neg(s.x(3, 5)));
        on("exp", s -> s.graph.exp(s.x(7)));
        on("log", s -> s.graph.log(s.between(0.2, 3, 7)));
        on("sqrt", s -> s.graph.sqrt(s.between(0.2, 3, 7)));
        on("sin", s -> s.graph.sin(s.x(2, 3)));
        on("cos", s -> s.graph.cos(s.x(2, 3)));
        on("tanh", s -> s.graph.tanh(s.x(2, 3)));
        long[][][] pairs = {{{}, {}}, {{3}, {}}, {{}, {3}}, {{5}, {1}}, {{2, 3}, {3}}, {{2, 1}, {1, 5}}, {{2, 1, 3}, {4, 1}},
                {{1, 1}, {2, 3, 1}}, {{2, 3, 2, 2}, {3, 1, 1}}};
        for (long[][] pair : pairs) {
            String shapes = " " + Shape.of(pair[0]) + Shape.of(pair[1]);
            on("add" + shapes, s -> s.graph.add(s.x(pair[0]), s.x(pair[1])));
            on("sub" + shapes, s -> s.graph.sub(s.x(pair[0]), s.x(pair[1])));
            on("mul" + shapes, s -> s.graph.mul(s.x(pair[0]), s.x(pair[1])));
            on("div" + shapes, s -> s.graph.div(s.x(pair[0]), s.between(0.5, 2, pair[1])));
            on("max" + shapes, s -> s.graph.max(s.x(pair[0]), s.x(pair[1])));
            on("select" + shapes, s -> s.graph.select(s.indices(2, 2, 1, 1, 1), s.x(pair[0]), s.x(pair[1])));
        }
        on("select between leaves of other shapes than its condition",
                s -> s.graph.select(s.indices(2, 4, 3), s.x(), s.x(4, 1)));
        on("cast from F16", s -> s.graph.mul(s.graph.cast(s.x(Encoding.F16, 5), Encoding.F32), s.x(5)));
        on("cast from BF16", s -> s.graph.exp(s.x(Encoding.BF16, 5)));
    }

    private static void reductions() {
        int[][] sets = {{0}, {1}, {2}, {0, 2}, {1, 2}, {0, 1, 2}, {-1}};
        for (int[] axes : sets) {
            String over = " over " + Arrays.toString(axes);
            on("sum" + over, s -> s.graph.sum(s.x(2, 3, 5), axes));
            on("maxReduce" + over, s -> s.graph.maxReduce(s.x(2, 3, 5), axes));
        }
        on("sum over nothing", s -> s.graph.mul(s.graph.sum(s.x(3)), s.x(3)));
        on("maxReduce over nothing", s -> s.graph.maxReduce(s.x(3)));
        on("mean", s -> s.graph.mean(s.x(3, 7), 0));
    }

    private static void moves() {
        on("reshape", s -> s.graph.reshape(s.x(2, 6), Shape.of(3, 4)));
        on("reshape to a scalar", s -> s.graph.reshape(s.x(1, 1), Shape.SCALAR));
        on("permute", s -> s.graph.permute(s.x(2, 3, 4), 2, 0, 1));
        on("permute of four", s -> s.graph.permute(s.x(2, 3, 1, 5), 3, 1, 0, 2));
        on("broadcast", s -> s.graph.broadcast(s.x(3, 1), Shape.of(2, 3, 4)));
        on("broadcast of a scalar", s -> s.graph.broadcast(s.x(), Shape.of(2, 3)));
        on("slice", s -> s.graph.slice(s.x(5, 4), 0, 1, 4));
        on("slice with stride", s -> s.graph.slice(s.x(8, 7), List.of(1L, 0L), List.of(8L, Move.Slice.END), List.of(3L, 2L)));
        on("slice with stride that leaves a rest", s -> s.graph.slice(s.x(10), List.of(1L), List.of(9L), List.of(4L)));
        on("slice of one by a wide stride", s -> s.graph.slice(s.x(1, 3), List.of(0L, 1L), List.of(1L, 2L), List.of(2L, 5L)));
        on("pad", s -> s.graph.pad(s.x(3, 2), List.of(1L, 0L), List.of(2L, 1L), List.of(0L, 0L)));
        on("pad inside", s -> s.graph.pad(s.x(3, 2), List.of(0L, 2L), List.of(1L, 0L), List.of(2L, 1L)));
        on("pad inside of one", s -> s.graph.pad(s.x(1, 2), List.of(0L, 0L), List.of(0L, 0L), List.of(3L, 0L)));
        on("concat", s -> s.graph.concat(1, s.x(2, 3), s.x(2, 1), s.x(2, 4)));
        on("concat along the last", s -> s.graph.concat(-1, s.x(2, 1, 3), s.x(2, 1, 2)));
    }

    private static void indices() {
        on("gather with repeated indices", s -> s.graph.gather(s.x(4, 3), s.integers(new int[] {1, 3, 1, 1, 0, 3}, 2, 3)));
        on("gather from BF16", s -> s.graph.gather(s.x(Encoding.BF16, 4, 3), s.indices(4, 5)));
        on("gather by a scalar", s -> s.graph.gather(s.x(4, 2, 3), s.integers(new int[] {2})));
        on("gather of scalars", s -> s.graph.gather(s.x(4), s.indices(4, 2, 2)));
        on("scatterAdd", s -> s.graph.scatterAdd(s.integers(new int[] {0, 2, 2, 0}, 4), s.x(4, 3), 5));
        on("scatterAdd of scalars", s -> s.graph.scatterAdd(s.indices(3, 2, 4), s.x(2, 4), 3));
    }

    private static void products() {
        boolean[] both = {false, true};
        for (boolean a : both) {
            for (boolean b : both) {
                String how = (a ? " a transposed" : "") + (b ? " b transposed" : "");
                on("matMul" + how, s -> s.graph.matMul(a ? s.x(3, 2) : s.x(2, 3), b ? s.x(4, 3) : s.x(3, 4), a, b));
                on("matMul batched" + how, s -> s.graph.matMul(a ? s.x(2, 3, 5) : s.x(2, 5, 3),
                        b ? s.x(2, 1, 3) : s.x(2, 3, 1), a, b));
                on("matMul with broadcast batch" + how, s -> s.graph.matMul(a ? s.x(2, 1, 3, 2) : s.x(2, 1, 2, 3),
                        b ? s.x(1, 3, 4, 3) : s.x(1, 3, 3, 4), a, b));
                on("matMul with a batch on one side" + how, s -> s.graph.matMul(a ? s.x(3, 2) : s.x(2, 3),
                        b ? s.x(2, 4, 3) : s.x(2, 3, 4), a, b));
                on("matMul on BF16" + how, s -> s.graph.matMul(a ? s.x(3, 2) : s.x(2, 3),
                        b ? s.x(Encoding.BF16, 4, 3) : s.x(Encoding.BF16, 3, 4), a, b));
            }
        }
        on("linear", s -> s.graph.linear(s.x(2, 3, 4), s.x(Encoding.F16, 5, 4)));
    }

    private static void fused() {
        on("silu", s -> s.graph.silu(s.x(3, 5)));
        on("gelu", s -> s.graph.gelu(s.x(3, 5)));
        on("swiGlu", s -> s.graph.swiGlu(s.x(3, 5), s.x(3, 5)));
        on("softmax", s -> s.graph.softmax(s.x(3, 5)));
        on("softmax of a vector", s -> s.graph.softmax(s.x(7)));
        on("rmsNorm", s -> s.graph.rmsNorm(s.x(2, 3, 5), s.x(5), 1e-5));
        on("rmsNorm with a BF16 weight", s -> s.graph.rmsNorm(s.x(3, 5), s.x(Encoding.BF16, 5), 0.1));
        on("layerNorm", s -> s.graph.layerNorm(s.x(3, 7), s.x(7), s.x(7), 1e-5));
        on("layerNorm for each head", s -> s.graph.layerNorm(s.x(2, 2, 3, 5), s.x(3, 5), s.x(3, 5), 1e-5));
        on("groupNorm", s -> s.graph.groupNorm(s.x(2, 6, 2, 3), s.x(6), s.x(6), 3, 1e-6));
        on("groupNorm in one group", s -> s.graph.groupNorm(s.x(1, 3, 3, 1), s.x(3), s.x(3), 1, 1e-3));
        on("rope", s -> s.graph.rope(s.x(2, 3, 2, 6), s.indices(20, 2, 3), List.of(1.0, 0.3, 0.01)));
        on("rope backwards", s -> s.graph.add(new Rope(List.of(0.7), true), s.x(1, 3, 1, 2), s.indices(20, 1, 3)));
    }

    private static void attention() {
        on("attention", s -> s.graph.attention(s.x(2, 3, 2, 4), s.x(2, 5, 2, 4), s.x(2, 5, 2, 4), 0.5));
        on("attention with grouped heads", s -> s.graph.attention(s.x(1, 2, 6, 3), s.x(1, 3, 2, 3), s.x(1, 3, 2, 3), 0.6));
        on("attention with positions", s -> s.graph.causalAttention(s.x(2, 3, 4, 2), s.x(2, 6, 2, 2), s.x(2, 6, 2, 2),
                s.integers(new int[] {0, 1, 2, 3, 4, 5}, 2, 3), 0.7));
        on("attention with slots", s -> s.graph.causalAttention(s.x(2, 2, 2, 3), s.x(4, 5, 1, 3), s.x(4, 5, 1, 3),
                s.integers(new int[] {3, 4, 0, 2}, 2, 2), s.integers(new int[] {2, 0}, 2), 0.7));
        on("attention within a window, with a cap", s -> s.graph.add(new Attention(0.7, true, 2, 1.5), s.x(2, 3, 4, 2),
                s.x(2, 6, 2, 2), s.x(2, 6, 2, 2), s.integers(new int[] {0, 1, 2, 3, 4, 5}, 2, 3)));
        on("attention of a value to itself", s -> {
            Node x = s.x(1, 3, 2, 4);
            return s.graph.attention(x, x, x, 0.5);
        });
    }

    private static void pictures() {
        on("conv2d", s -> s.graph.conv2d(s.x(2, 3, 4, 5), s.x(2, 3, 3, 3), Window.same(1)));
        on("conv2d without padding", s -> s.graph.conv2d(s.x(1, 2, 4, 5), s.x(3, 2, 2, 3), Window.same(0)));
        on("conv2d of single pixels", s -> s.graph.conv2d(s.x(2, 3, 2, 2), s.x(4, 3, 1, 1), Window.same(0)));
        on("conv2d by steps of two, padded below and to the right",
                s -> s.graph.conv2d(s.x(1, 2, 6, 6), s.x(3, 2, 3, 3), new Window(2, 0, 1, 0, 1)));
        on("conv2d by steps that leave a rest", s -> s.graph.conv2d(s.x(1, 2, 7, 6), s.x(2, 2, 2, 3), new Window(3, 1, 0, 2, 1)));
        on("conv2d with a BF16 weight", s -> s.graph.conv2d(s.x(1, 2, 3, 3), s.x(Encoding.BF16, 2, 2, 3, 3), Window.same(1)));
        on("upsample", s -> s.graph.upsample(s.x(2, 2, 2, 3), 2));
        on("upsample by three", s -> s.graph.upsample(s.x(1, 1, 3, 1), 3));
    }

    private static void losses() {
        on("crossEntropy", s -> s.graph.crossEntropy(s.x(4, 5), s.integers(new int[] {0, 4, 2, 2}, 4), 0));
        on("crossEntropy with z-loss", s -> s.graph.crossEntropy(s.x(3, 5), s.indices(5, 3), 0.2));
    }

    private static void twice() {
        on("an operand used twice", s -> {
            Node x = s.x(3, 4);
            return s.graph.mul(s.graph.add(x, x), s.graph.exp(x));
        });
        on("a fused op with the same operand twice", s -> {
            Node x = s.x(3, 4);
            return s.graph.swiGlu(x, x);
        });
        on("a value used along two ways of different length", s -> {
            Node x = s.x(2, 3);
            Node y = s.graph.tanh(x);
            return s.graph.concat(0, s.graph.mul(y, x), s.graph.softmax(s.graph.mul(y, y)));
        });
        // Gradients of gradients: what a rule emits must differentiate in its turn.
        for (String kind : List.of("silu", "softmax", "rmsNorm", "layerNorm", "groupNorm", "crossEntropy with z-loss", "conv2d", "gelu")) {
            Function<Sample, Node> first = CASES.get(kind);
            CASES.put("gradient of " + kind, s -> {
                Node y = first.apply(s);
                Node seed = s.x(y.shape().sizes());
                return Gradients.of(s.graph, Map.of(y, seed), List.of(s.floats.getFirst())).getFirst();
            });
        }
    }

    private static void on(String name, Function<Sample, Node> body) {
        if (CASES.putIfAbsent(name, body) != null) {
            throw new IllegalStateException("two cases are named " + name);
        }
    }

    @TestFactory
    Stream<DynamicTest> agreesWithFiniteDifferences() {
        return CASES.entrySet().stream().map(entry -> dynamicTest(entry.getKey(), () -> compare(entry.getValue())));
    }

    private static void compare(Function<Sample, Node> body) {
        Sample sample = new Sample();
        Node result = body.apply(sample);
        List<Node> targets = List.copyOf(sample.floats);
        Node seed = sample.x(result.shape().sizes());
        double[] weights = sample.value(seed);
        List<Node> gradients = Gradients.of(sample.graph, Map.of(result, seed), targets);
        Graph forward = Lowering.toCore(sample.graph.build(Map.of("y", result)));
        for (int t = 0; t < targets.size(); t++) {
            assertThat(gradients.get(t).type()).isEqualTo(TensorType.f32(targets.get(t).shape()));
            double[] computed = sample.run(gradients.get(t));
            double[] values = sample.value(targets.get(t));
            for (int i = 0; i < values.length; i++) {
                double kept = values[i];
                values[i] = kept + STEP;
                double above = dot(Interpreter.run(forward, sample.values, Map.of()).get("y"), weights);
                values[i] = kept - STEP;
                double below = dot(Interpreter.run(forward, sample.values, Map.of()).get("y"), weights);
                values[i] = kept;
                double expected = (above - below) / (2 * STEP);
                assertThat(computed[i]).as("operand %d, element %d", t, i)
                        .isCloseTo(expected, within(TOLERANCE * Math.max(1, Math.abs(expected))));
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** An op under another name: no rule is found for it, so it differentiates through its decomposition. */
    private record Disguised(Op op) implements Op {
        @Override
        public String kind() {
            return "disguised";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            return op.infer(operands);
        }

        @Override
        public Optional<Node> decompose(GraphBuilder graph, List<Node> operands) {
            return op.decompose(graph, operands);
        }
    }

    @TestFactory
    Stream<DynamicTest> ownRulesOfFusedOpsAgreeWithTheirDecomposition() {
        return CASES.entrySet().stream()
                .filter(entry -> {
                    Sample sample = new Sample();
                    Node node = entry.getValue().apply(sample);
                    return GradientRules.find(node).isPresent() && node.op().decompose(sample.graph, node.operands()).isPresent();
                })
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    Sample sample = new Sample();
                    Node own = entry.getValue().apply(sample);
                    List<Node> targets = List.copyOf(sample.floats);
                    Node disguised = sample.graph.add(new Disguised(own.op()), own.operands().toArray(Node[]::new));
                    Node seed = sample.x(own.shape().sizes());
                    List<Node> byRule = Gradients.of(sample.graph, Map.of(own, seed), targets);
                    List<Node> byDecomposition = Gradients.of(sample.graph, Map.of(disguised, seed), targets);
                    for (int t = 0; t < targets.size(); t++) {
                        assertThat(sample.run(byRule.get(t))).containsExactly(sample.run(byDecomposition.get(t)), within(1e-10));
                    }
                }));
    }

    @Test
    void everyOpWithAGradientIsTested() {
        List<String> tested = CASES.values().stream().map(body -> {
            Sample sample = new Sample();
            body.apply(sample);
            return sample.graph.nodes().stream().map(node -> node.op().kind()).toList();
        }).flatMap(List::stream).distinct().toList();
        assertThat(tested).contains("neg", "exp", "log", "sqrt", "sin", "cos", "tanh", "add", "sub", "mul", "div", "max", "select",
                "cast", "sum", "maxReduce", "reshape", "permute", "broadcast", "slice", "pad", "concat", "gather", "scatterAdd",
                "matMul", "silu", "swiGlu", "softmax", "rope", "rmsNorm", "layerNorm", "groupNorm", "crossEntropy", "conv2d",
                "attention", "boundedAttention", "gelu", "upsample");
    }

    @Test
    void equalLargestElementsShareTheGradient() {
        Sample sample = new Sample();
        Node x = sample.given(new double[] {1, 3, 3, 2, 3, 0}, 2, 3);
        Node loss = sample.graph.sum(sample.graph.maxReduce(x, 1), 0, 1);
        Node gradient = Gradients.of(sample.graph, sample.graph.reshape(loss, Shape.SCALAR), List.of(x)).getFirst();
        assertThat(sample.run(gradient)).containsExactly(0, 0.5, 0.5, 0, 1, 0);
    }

    @Test
    void theFirstOfTwoEqualOperandsOfMaxTakesTheGradient() {
        Sample sample = new Sample();
        Node a = sample.given(new double[] {2}, 1);
        Node b = sample.given(new double[] {2}, 1);
        Node loss = sample.graph.reshape(sample.graph.max(a, b), Shape.SCALAR);
        List<Node> gradients = Gradients.of(sample.graph, loss, List.of(a, b));
        assertThat(sample.run(gradients.get(0))).containsExactly(1);
        assertThat(sample.run(gradients.get(1))).containsExactly(0);
    }

    @Test
    void whatTheLossDoesNotDependOnGetsZeros() {
        Sample sample = new Sample();
        Node x = sample.x(2, 3);
        Node other = sample.x(4);
        Node rounded = sample.graph.cast(sample.graph.cast(other, Encoding.I32), Encoding.F32);
        Node loss = sample.graph.reshape(sample.graph.add(sample.graph.sum(x, 0, 1), sample.graph.sum(rounded, 0)), Shape.SCALAR);
        Node unused = sample.graph.exp(other);
        List<Node> gradients = Gradients.of(sample.graph, loss, List.of(other, unused, x));
        assertThat(sample.run(gradients.get(0))).containsOnly(0).hasSize(4);
        assertThat(sample.run(gradients.get(1))).containsOnly(0).hasSize(4);
        assertThat(sample.run(gradients.get(2))).containsOnly(1).hasSize(6);
    }

    @Test
    void gradientsFlowThroughATargetToTargetsBehindIt() {
        Sample sample = new Sample();
        Node x = sample.given(new double[] {0.5, -1}, 2);
        Node y = sample.graph.mul(x, sample.graph.scalar(3));
        Node loss = sample.graph.reshape(sample.graph.sum(sample.graph.mul(y, y), 0), Shape.SCALAR);
        List<Node> gradients = Gradients.of(sample.graph, loss, List.of(y, x, loss));
        assertThat(sample.run(gradients.get(0))).containsExactly(3, -6);
        assertThat(sample.run(gradients.get(1))).containsExactly(9, -18);
        assertThat(sample.run(gradients.get(2))).containsExactly(1);
    }

    @Test
    void severalSeedsAddUpAlsoWhereOneLiesBehindTheOther() {
        Sample sample = new Sample();
        Node x = sample.given(new double[] {2}, 1);
        Node square = sample.graph.mul(x, x);
        Node cube = sample.graph.mul(square, x);
        Node five = sample.graph.constant(TensorType.f32(1), 5);
        Node seven = sample.graph.constant(TensorType.f32(1), 7);
        Node gradient = Gradients.of(sample.graph, Map.of(square, five, cube, seven), List.of(x)).getFirst();
        // 5 · 2x + 7 · 3x²
        assertThat(sample.run(gradient)).containsExactly(5 * 4 + 7 * 12);
    }

    @Test
    void aLossThatIsNoScalarIsRefused() {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(3));
        assertThatThrownBy(() -> Gradients.of(g, x, List.of(x))).isInstanceOf(GraphException.class)
                .hasMessage("gradients: the loss must be a scalar, got F32(3)");
    }

    @Test
    void anOpWithoutRuleAndDecompositionIsNamed() {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(3));
        Node y = g.add(new Unknown(), x);
        assertThatThrownBy(() -> Gradients.of(g, Map.of(y, x), List.of(x))).isInstanceOf(GraphException.class)
                .hasMessage("gradients: unknown has neither a gradient rule nor a decomposition");
    }

    private record Unknown() implements Op {
        @Override
        public String kind() {
            return "unknown";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            return operands.getFirst();
        }
    }

    @Test
    void aGradientOfAGraphWithNamedSizesRunsForEachSize() {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(Shape.of(Dim.named("length", 5), Dim.fixed(3))));
        Node weight = g.parameter("weight", TensorType.f32(2, 3));
        Node loss = g.reshape(g.sum(g.silu(g.linear(x, weight)), 0, 1), Shape.SCALAR);
        Graph graph = g.build(Map.of("gradient", Gradients.of(g, loss, List.of(weight)).getFirst()));
        double[] whole = {1, 2, 3, -1, 0.5, 2};
        double[] weights = {0.1, 0.2, 0.3, -0.4, 0.5, -0.6};
        double[] both = Interpreter.run(graph, Map.of("x", whole, "weight", weights), Map.of("length", 2L)).get("gradient");
        List<Double> sum = new ArrayList<>(Collections.nCopies(6, 0.0));
        for (int row = 0; row < 2; row++) {
            double[] part = Interpreter.run(graph, Map.of("x", Arrays.copyOfRange(whole, row * 3, row * 3 + 3),
                    "weight", weights), Map.of("length", 1L)).get("gradient");
            for (int i = 0; i < 6; i++) {
                sum.set(i, sum.get(i) + part[i]);
            }
        }
        for (int i = 0; i < 6; i++) {
            assertThat(both[i]).isCloseTo(sum.get(i), within(1e-12));
        }
    }
}
