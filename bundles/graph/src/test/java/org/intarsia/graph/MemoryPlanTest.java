package org.intarsia.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.intarsia.graph.op.Elementwise;
import org.intarsia.graph.op.Leaf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory plan keeps apart what lives at the same time, and a run inside its block equals one without it. */
class MemoryPlanTest {
    private static final Predicate<Node> LEAVES = node -> node.op() instanceof Leaf;
    private static final ToIntFunction<Node> NEVER = node -> -1;
    /** Element by element, the first operand of the result's shape may be overwritten. */
    private static final ToIntFunction<Node> IN_PLACE = node -> {
        if (node.op() instanceof Elementwise) {
            for (int i = 0; i < node.operands().size(); i++) {
                if (node.operand(i).type().equals(node.type())) {
                    return i;
                }
            }
        }
        return -1;
    };
    private static final int GRAPHS = 60;

    @ParameterizedTest
    @ValueSource(longs = {4, 64, 256})
    void whatLivesAtTheSameTimeNeverOverlaps(long alignment) {
        for (int seed = 0; seed < GRAPHS; seed++) {
            Graph graph = random(seed);
            for (ToIntFunction<Node> reuse : List.of(NEVER, IN_PLACE)) {
                disjoint(graph, MemoryPlan.of(graph, LEAVES, reuse, alignment), alignment);
            }
        }
    }

    private static void disjoint(Graph graph, MemoryPlan plan, long alignment) {
        List<Node> nodes = graph.nodes();
        int[] last = lastUses(graph);
        for (Node a : nodes) {
            if (external(plan, nodes, a)) {
                continue;
            }
            assertThat(plan.offset(a) % alignment).isZero();
            assertThat(plan.offset(a) + a.type().bytes()).isLessThanOrEqualTo(plan.bytes());
            for (Node b : nodes.subList(0, a.id())) {
                // A value that ends where another begins is read while the other is written.
                boolean together = a.id() <= last[b.id()];
                boolean shared = plan.root(a) == plan.root(b);
                if (together && !shared && !external(plan, nodes, b)) {
                    boolean apart = plan.offset(a) + a.type().bytes() <= plan.offset(b)
                            || plan.offset(b) + b.type().bytes() <= plan.offset(a);
                    assertThat(apart).as("%s and %s in%n%s", a, b, graph).isTrue();
                }
            }
        }
    }

    private static boolean external(MemoryPlan plan, List<Node> nodes, Node node) {
        return LEAVES.test(nodes.get(plan.root(node)));
    }

    /** When each value is read for the last time, through whatever views; outputs live to the end. */
    private static int[] lastUses(Graph graph) {
        int[] last = new int[graph.nodes().size()];
        graph.outputs().values().forEach(node -> last[node.id()] = graph.nodes().size());
        for (int id = last.length - 1; id >= 0; id--) {
            Node node = graph.nodes().get(id);
            for (int i = 0; i < node.operands().size(); i++) {
                int until = node.op().alias() == i ? Math.max(id, last[id]) : id;
                last[node.operand(i).id()] = Math.max(last[node.operand(i).id()], until);
            }
        }
        return last;
    }

    @Test
    void runningInsideTheBlockGivesTheSameAsRunningWithoutIt() {
        for (int seed = 0; seed < GRAPHS; seed++) {
            Graph graph = random(seed);
            Map<String, double[]> values = values(graph, seed);
            Map<String, double[]> expected = Interpreter.run(graph, values, Map.of());
            for (ToIntFunction<Node> reuse : List.of(NEVER, IN_PLACE)) {
                Map<String, double[]> actual = emulate(graph, MemoryPlan.of(graph, LEAVES, reuse, 4), values);
                expected.forEach((name, value) -> assertThat(actual.get(name)).as("%s of%n%s", name, graph).isEqualTo(value));
            }
        }
    }

    /** Computes node by node; every value is kept in the block only, one cell for four bytes. */
    private static Map<String, double[]> emulate(Graph graph, MemoryPlan plan, Map<String, double[]> values) {
        double[] block = new double[(int) plan.bytes() / 4];
        Arrays.fill(block, Double.NaN);
        Map<Integer, double[]> outside = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Leaf.Named leaf) {
                outside.put(node.id(), values.get(leaf.leafName()));
                continue;
            }
            GraphBuilder single = new GraphBuilder();
            Map<String, double[]> operands = new HashMap<>();
            List<Node> inputs = new ArrayList<>();
            for (Node operand : node.operands()) {
                String name = "x" + inputs.size();
                operands.put(name, load(graph, plan, block, outside, operand));
                inputs.add(single.input(name, operand.type()));
            }
            Node result = single.add(node.op(), inputs.toArray(Node[]::new));
            double[] value = Interpreter.run(single.build(Map.of("y", result)), operands, Map.of()).get("y");
            if (external(plan, graph.nodes(), node)) {
                outside.put(plan.root(node), value);
            } else {
                System.arraycopy(value, 0, block, (int) plan.offset(node) / 4, value.length);
            }
        }
        Map<String, double[]> outputs = new HashMap<>();
        graph.outputs().forEach((name, node) -> outputs.put(name, load(graph, plan, block, outside, node)));
        return outputs;
    }

    private static double[] load(Graph graph, MemoryPlan plan, double[] block, Map<Integer, double[]> outside, Node node) {
        if (external(plan, graph.nodes(), node)) {
            return outside.get(plan.root(node));
        }
        int start = (int) plan.offset(node) / 4;
        return Arrays.copyOfRange(block, start, start + (int) node.shape().elements());
    }

    /** A graph of matrices, (n, m), joined at random by element, by view, by product, by sum. */
    private static Graph random(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        GraphBuilder g = new GraphBuilder();
        List<Node> values = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            values.add(g.input("x" + i, TensorType.f32(random.nextInt(1, 9), random.nextInt(1, 9))));
        }
        int count = random.nextInt(5, 30);
        for (int i = 0; i < count; i++) {
            Node a = values.get(random.nextInt(values.size()));
            Node b = values.get(random.nextInt(values.size()));
            long rows = a.shape().size(0);
            long columns = a.shape().size(1);
            values.add(switch (random.nextInt(9)) {
                case 0 -> g.neg(a);
                case 1 -> g.mul(a, g.scalar(0.5));
                case 2 -> a.shape().equals(b.shape()) ? g.add(a, b) : g.sin(a);
                case 3 -> g.permute(a, 1, 0);
                case 4 -> g.reshape(a, Shape.of(columns, rows));
                case 5 -> g.matMul(a, a, false, true);
                case 6 -> g.sum(a, random.nextInt(2));
                case 7 -> rows < 8 ? g.concat(0, a, g.tanh(a)) : g.slice(a, 0, 1, rows / 2);
                default -> g.sub(g.maxReduce(a, 1), a);
            });
        }
        Map<String, Node> outputs = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            outputs.put("y" + i, values.get(random.nextInt(2, values.size())));
        }
        return g.build(outputs);
    }

    private static Map<String, double[]> values(Graph graph, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, double[]> values = new HashMap<>();
        graph.leaves(Leaf.Input.class).forEach((name, node) ->
                values.put(name, random.doubles(node.shape().elements(), -1, 1).toArray()));
        return values;
    }

    @Test
    void aChainNeedsRoomForTwoValuesAndInPlaceForOne() {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(16));
        for (int i = 0; i < 20; i++) {
            x = g.sin(x);
        }
        Graph graph = g.build(Map.of("y", x));
        assertThat(MemoryPlan.of(graph, LEAVES, NEVER, 64).bytes()).isEqualTo(2 * 64);
        assertThat(MemoryPlan.of(graph, LEAVES, IN_PLACE, 64).bytes()).isEqualTo(64);
    }

    @Test
    void aReshapeSharesItsOperandsPlaceAndKeepsItAlive() {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(4, 4));
        Node y = g.neg(x);
        Node view = g.reshape(y, Shape.of(16));
        Node other = g.exp(x);
        Node later = g.sin(view);
        Graph graph = g.build(Map.of("other", other, "later", later));
        MemoryPlan plan = MemoryPlan.of(graph, LEAVES, NEVER, 64);
        Node planned = graph.outputs().get("later").operand(0);
        assertThat(planned.op().kind()).isEqualTo("reshape");
        assertThat(plan.root(planned)).isEqualTo(planned.operand(0).id());
        assertThat(plan.offset(graph.outputs().get("other"))).isNotEqualTo(plan.offset(planned));
    }

    @Test
    void anOperandThatIsReadLaterIsNotOverwritten() {
        GraphBuilder g = new GraphBuilder();
        Node y = g.neg(g.input("x", TensorType.f32(16)));
        Node z = g.exp(y);
        Graph graph = g.build(Map.of("w", g.add(z, y)));
        MemoryPlan plan = MemoryPlan.of(graph, LEAVES, IN_PLACE, 64);
        assertThat(plan.offset(graph.nodes().get(z.id()))).isNotEqualTo(plan.offset(graph.nodes().get(y.id())));
    }

    @Test
    void anOutputIsNotOverwritten() {
        GraphBuilder g = new GraphBuilder();
        Node y = g.neg(g.input("x", TensorType.f32(16)));
        Graph graph = g.build(Map.of("y", y, "z", g.exp(y)));
        MemoryPlan plan = MemoryPlan.of(graph, LEAVES, IN_PLACE, 64);
        assertThat(plan.bytes()).isEqualTo(2 * 64);
    }

    @Test
    void whatIsWrittenIntoAStateTakesNoRoom() {
        GraphBuilder g = new GraphBuilder();
        Node state = g.state("memory", TensorType.f32(1024));
        Node written = g.assign(state, g.mul(state, g.scalar(2)));
        Graph graph = g.build(Map.of("y", g.sum(written, 0)));
        MemoryPlan plan = MemoryPlan.of(graph, LEAVES, IN_PLACE, 64);
        Node assigned = graph.nodes().stream().filter(node -> node.op().writesState()).findFirst().orElseThrow();
        assertThat(graph.nodes().get(plan.root(assigned)).op()).isInstanceOf(Leaf.State.class);
        assertThat(plan.bytes()).isEqualTo(4096);
    }

    @Test
    void namedSizesCountWithTheirBounds() {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(Shape.of(Dim.named("length", 100), Dim.fixed(4))));
        Graph graph = g.build(Map.of("y", g.neg(x)));
        assertThat(MemoryPlan.of(graph, LEAVES, NEVER, 64).bytes()).isEqualTo(1600);
    }
}
