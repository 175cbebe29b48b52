package org.intarsia.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.intarsia.graph.op.Leaf;
import org.intarsia.graph.op.Move;
import org.junit.jupiter.api.Test;

/** Dimensions that are known only when the graph runs. */
class NamedSizesTest {
    private static final Dim LENGTH = Dim.named("length", 8);

    private static Graph graph() {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(Shape.of(Dim.fixed(2), LENGTH, Dim.fixed(3))));
        Node y = g.linear(x, g.parameter("weight", TensorType.f32(5, 3)));
        Node constant = g.constant(TensorType.f32(Shape.of(LENGTH, Dim.fixed(5))), 2);
        Node place = g.cast(g.iota(TensorType.i32(Shape.of(LENGTH)), 0), Encoding.F32);
        Node wide = g.broadcast(g.reshape(place, Shape.of(LENGTH, Dim.fixed(1))), Shape.of(LENGTH, Dim.fixed(5)));
        return g.build(Map.of("y", g.add(g.mul(y, constant), wide)));
    }

    @Test
    void bindFixesEverySizeAndKeepsTheIds() {
        Graph graph = graph();
        Graph bound = graph.bind(Map.of("length", 4L));
        assertThat(bound.nodes()).hasSameSizeAs(graph.nodes()).allMatch(node -> node.shape().isFixed());
        for (Node node : bound.nodes()) {
            Node original = graph.nodes().get(node.id());
            assertThat(node.id()).isEqualTo(original.id());
            assertThat(node.op().kind()).isEqualTo(original.op().kind());
            assertThat(node.type()).isEqualTo(original.type().bind(Map.of("length", 4L)));
        }
        assertThat(bound.outputs().get("y").shape()).isEqualTo(Shape.of(2, 4, 5));
        assertThat(graph.outputs().get("y").shape().toString()).isEqualTo("(2, length, 5)");
    }

    @Test
    void boundedTakesTheLargestSizes() {
        assertThat(graph().bounded().outputs().get("y").shape()).isEqualTo(Shape.of(2, 8, 5));
        assertThat(graph().leaves(Leaf.Input.class).get("x").type().bytes()).isEqualTo(2 * 8 * 3 * 4);
    }

    @Test
    void aGraphWithoutNamedSizesIsBoundAlready() {
        GraphBuilder g = new GraphBuilder();
        Graph graph = g.build(Map.of("y", g.neg(g.input("x", TensorType.f32(3)))));
        assertThat(graph.bind(Map.of())).isSameAs(graph);
    }

    @Test
    void loweringBeforeOrAfterBindingGivesTheSame() {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(Shape.of(LENGTH, Dim.fixed(4))));
        Graph graph = g.build(Map.of("y", g.softmax(g.rmsNorm(x, g.parameter("weight", TensorType.f32(4)), 1e-5))));
        Map<String, Long> sizes = Map.of("length", 2L);
        Map<String, double[]> values = Map.of("x", new double[] {1, 2, 3, 4, 5, 6, 7, 9}, "weight", new double[] {1, -1, 0.5, 2});
        assertThat(Interpreter.run(Lowering.toCore(graph), values, sizes).get("y"))
                .isEqualTo(Interpreter.run(Lowering.toCore(graph.bind(sizes)), values, Map.of()).get("y"));
    }

    @Test
    void aWholeAxisIsSlicedUpToItsEnd() {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(Shape.of(LENGTH, Dim.fixed(3))));
        Node y = g.slice(x, List.of(0L, 1L), List.of(Move.Slice.END, 3L), List.of(1L, 1L));
        assertThat(y.shape()).isEqualTo(Shape.of(LENGTH, Dim.fixed(2)));
        double[] values = {1, 2, 3, 4, 5, 6};
        assertThat(Interpreter.run(g.build(Map.of("y", y)), Map.of("x", values), Map.of("length", 2L)).get("y"))
                .containsExactly(2, 3, 5, 6);
    }

    @Test
    void wrongSizesAreNamed() {
        Graph graph = graph();
        assertThatThrownBy(() -> graph.bind(Map.of("lenght", 3L))).isInstanceOf(GraphException.class)
                .hasMessage("no size is given for the named dimension 'length'; given are [lenght]");
        assertThatThrownBy(() -> graph.bind(Map.of("length", 9L)))
                .hasMessage("the size of 'length' must be from 1 to 8, got 9");
        assertThatThrownBy(() -> graph.bind(Map.of("length", 0L)))
                .hasMessage("the size of 'length' must be from 1 to 8, got 0");
    }

    @Test
    void whatNeedsAFixedSizeSaysSo() {
        assertThatThrownBy(() -> Shape.of(LENGTH).size(0)).isInstanceOf(GraphException.class)
                .hasMessage("dim length has no fixed size: bind 'length' first");
        assertThatThrownBy(() -> LENGTH.times(Dim.named("width", 3)))
                .hasMessage("dim: the product of two named sizes, length and width, is not supported; fix one of them");
        assertThat(LENGTH.times(Dim.fixed(6)).toString()).isEqualTo("6length");
        assertThat(LENGTH.times(Dim.fixed(6)).bounded()).isEqualTo(48);
        assertThatThrownBy(() -> new Dim(-1, "", 1)).isInstanceOf(GraphException.class);
        assertThatThrownBy(() -> Dim.named("length", 0)).isInstanceOf(GraphException.class);
    }
}
