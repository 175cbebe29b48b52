package org.intarsia.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.graph.op.Leaf;
import org.junit.jupiter.api.Test;

/** Stages hand one value on, and have between them all that the graph has. */
class GraphStagesTest {
    private final GraphBuilder g = new GraphBuilder();
    private final Node place = g.input("place", TensorType.i32(2, 1));
    private final Node slot = g.iota(TensorType.i32(2), 0);
    private final Node x = g.input("x", TensorType.f32(2, 1, 3));
    private final Map<String, Node> outputs = new LinkedHashMap<>();

    /** Adds a weight and what a cache has kept. */
    private Node layer(Node value, int number) {
        Node kept = g.stateAppend(g.state("cache." + number, TensorType.f32(2, 4, 3)), value, place, slot);
        return g.add(g.mul(value, g.parameter("weight." + number, TensorType.f32(3))),
                g.mul(g.sum(kept, 1), g.cos(g.cast(g.reshape(place, Shape.of(2, 1, 1)), Encoding.F32))));
    }

    private static List<String> names(Graph stage, Class<? extends Leaf> kind) {
        return List.copyOf(stage.leaves(kind).keySet());
    }

    @Test
    void eachStageHasItsOwnWeightsAndStates() {
        Node first = layer(x, 0);
        Node second = layer(first, 1);
        outputs.put("first", first);
        outputs.put("second", second);
        outputs.put("sum", g.sum(layer(second, 2), 2));
        Graph whole = g.build(outputs);

        List<Graph> stages = GraphStages.cut(whole, List.of("first", "second"));

        assertThat(stages).extracting(stage -> names(stage, Leaf.Parameter.class))
                .containsExactly(List.of("weight.0"), List.of("weight.1"), List.of("weight.2"));
        assertThat(stages).extracting(stage -> names(stage, Leaf.State.class))
                .containsExactly(List.of("cache.0"), List.of("cache.1"), List.of("cache.2"));
        assertThat(stages).extracting(stage -> names(stage, Leaf.Input.class))
                .containsExactly(List.of("place", "x"), List.of("first", "place"), List.of("place", "second"));
        assertThat(stages).extracting(stage -> List.copyOf(stage.outputs().keySet()))
                .containsExactly(List.of("first"), List.of("second"), List.of("sum"));
        assertThat(stages.get(1).outputs().get("second").type()).isEqualTo(second.type());
    }

    @Test
    void withoutABoundaryTheWholeIsOneStage() {
        outputs.put("y", layer(x, 0));
        Graph whole = g.build(outputs);
        assertThat(GraphStages.cut(whole, List.of())).singleElement().hasToString(whole.toString());
    }

    @Test
    void aValueThatPassesBesideIsRefused() {
        Node first = layer(x, 0);
        Node second = layer(first, 1);
        outputs.put("first", first);
        outputs.put("second", second);
        outputs.put("y", g.add(layer(second, 2), first));
        assertThatThrownBy(() -> GraphStages.cut(g.build(outputs), List.of("first", "second"))).isInstanceOf(GraphException.class)
                .hasMessage("the value 'first' is needed behind the next boundary, too: outputs [y] cannot be cut off");
    }

    @Test
    void aStateInTwoStagesIsRefused() {
        Node kept = g.stateAppend(g.state("cache", TensorType.f32(2, 4, 3)), x, place, slot);
        Node first = g.add(x, g.sum(kept, 1));
        outputs.put("first", first);
        outputs.put("y", g.add(first, g.maxReduce(kept, 1)));
        assertThatThrownBy(() -> GraphStages.cut(g.build(outputs), List.of("first"))).isInstanceOf(GraphException.class)
                .hasMessage("the state 'cache' is in stage 0 and in stage 1 of the graph; cut it elsewhere");
    }

    @Test
    void namesAreOutputsInTheirOrder() {
        outputs.put("first", layer(x, 0));
        outputs.put("y", layer(outputs.get("first"), 1));
        Graph whole = g.build(outputs);
        assertThatThrownBy(() -> GraphStages.cut(whole, List.of("second"))).isInstanceOf(GraphException.class)
                .hasMessage("the graph has no output 'second' to be cut behind; it has [first, y]");
        assertThatThrownBy(() -> GraphStages.cut(whole, List.of("first", "first"))).isInstanceOf(GraphException.class);
        assertThatThrownBy(() -> GraphStages.cut(whole, List.of("y", "first"))).isInstanceOf(GraphException.class)
                .hasMessageContaining("cannot be cut");
    }
}
