package org.intarsia.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.intarsia.graph.op.Conv2d;
import org.intarsia.graph.op.Conv2d.Window;
import org.junit.jupiter.api.Test;

class WorkTest {
    private final GraphBuilder g = new GraphBuilder();

    private Node x(long... sizes) {
        return g.input("leaf" + g.nodes().size(), TensorType.f32(sizes));
    }

    private double operations(Node result) {
        return Work.floatOperations(g.build(Map.of("y", result)));
    }

    @Test
    void aProductCountsTwoForEachMultiplyAdd() {
        assertThat(operations(g.matMul(x(3, 5), x(5, 7), false, false))).isEqualTo(2 * 3 * 5 * 7);
        assertThat(operations(g.matMul(x(5, 3), x(7, 5), true, true))).isEqualTo(2 * 3 * 5 * 7);
    }

    @Test
    void aBatchCountsAsItIsBroadcast() {
        assertThat(operations(g.matMul(x(4, 2, 3, 5), x(2, 5, 7), false, false))).isEqualTo(4 * 2 * 2 * 3 * 5 * 7);
    }

    @Test
    void anEncodedWeightCountsTheSame() {
        Node weight = g.parameter("weight", new TensorType(Shape.of(7, 5), Encoding.BF16));
        assertThat(operations(g.linear(x(3, 5), weight))).isEqualTo(2 * 3 * 5 * 7);
    }

    @Test
    void aConvolutionCountsEveryTapForEveryPixel() {
        assertThat(operations(g.conv2d(x(2, 3, 8, 6), x(5, 3, 3, 3), Window.same(1)))).isEqualTo(2 * 2 * 5 * 8 * 6 * 3 * 9);
        assertThat(operations(g.conv2d(x(2, 3, 8, 6), x(5, 3, 3, 3), new Window(2, 0, 1, 0, 1))))
                .isEqualTo(2 * 2 * 5 * 4 * 3 * 3 * 9);
    }

    @Test
    void aWeightsGradientCountsAsItsConvolution() {
        Node gradient = g.add(new Conv2d.WeightGradient(Window.same(1), 3, 3), x(2, 3, 8, 6), x(2, 5, 8, 6));
        assertThat(operations(gradient)).isEqualTo(2 * 2 * 5 * 8 * 6 * 3 * 9);
    }

    @Test
    void attentionCountsScoresAndMixture() {
        Node result = g.attention(x(2, 9, 6, 4), x(2, 11, 3, 4), x(2, 11, 3, 4), 0.5);
        assertThat(operations(result)).isEqualTo(2 * (2 * 2 * 6 * 9 * 11 * 4));
    }

    @Test
    void aLinearLayerCountsThreefoldWithItsGradients() {
        Node x = x(3, 5);
        Node weight = g.parameter("weight", TensorType.f32(7, 5));
        Node loss = g.sum(g.reshape(g.linear(x, weight), Shape.of(21)), 0);
        List<Node> gradients = Gradients.of(g, g.reshape(loss, Shape.SCALAR), List.of(x, weight));
        Graph graph = g.build(Map.of("loss", loss, "x", gradients.get(0), "weight", gradients.get(1)));
        assertThat(Work.floatOperations(graph)).isEqualTo(3 * 2 * 3 * 5 * 7);
    }

    @Test
    void whatIsNoProductCountsNothing() {
        assertThat(operations(g.softmax(g.add(x(3, 5), x(3, 5))))).isZero();
    }

    @Test
    void aNamedSizeMustBeBoundFirst() {
        Node x = g.input("x", TensorType.f32(Shape.of(Dim.named("length", 9), Dim.fixed(5))));
        Graph graph = g.build(Map.of("y", g.matMul(x, x(5, 7), false, false)));
        assertThatThrownBy(() -> Work.floatOperations(graph)).isInstanceOf(GraphException.class)
                .hasMessage("dim 7length has no fixed size: bind 'length' first");
        assertThat(Work.floatOperations(graph.bind(Map.of("length", 4L)))).isEqualTo(2 * 4 * 5 * 7);
    }
}
