package org.intarsia.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.intarsia.graph.op.Conv2d.Window;
import org.intarsia.graph.op.PagedAttention;
import org.junit.jupiter.api.Test;

/**
 * What users read when a graph is written down wrongly. The messages stand in {@code errors.txt}, one a line behind the
 * name of its case.
 */
class ErrorsTest {
    private static final Map<String, Consumer<GraphBuilder>> CASES = new LinkedHashMap<>();

    static {
        on("add of shapes that do not broadcast", g -> g.add(x(g, "a", 2, 3), x(g, "b", 4)));
        on("add of two encodings", g -> g.add(x(g, "a", 2), i(g, "b", 2)));
        on("exp of integers", g -> g.exp(i(g, "a", 2)));
        on("select with a float condition", g -> g.select(x(g, "a", 2), x(g, "b", 2), x(g, "c", 2)));
        on("sum over an axis that is not there", g -> g.sum(x(g, "a", 2, 3), 2));
        on("sum over an axis twice", g -> g.sum(x(g, "a", 2, 3), 1, 1));
        on("sum of integers", g -> g.sum(i(g, "a", 2), 0));
        on("reshape to another count", g -> g.reshape(x(g, "a", 2, 3), Shape.of(7)));
        on("permute of too few axes", g -> g.permute(x(g, "a", 2, 3, 4), 1, 0));
        on("permute of one axis twice", g -> g.permute(x(g, "a", 2, 3), 1, 1));
        on("permute of an axis that is not there", g -> g.permute(x(g, "a", 2, 3), 0, 2));
        on("broadcast to a smaller shape", g -> g.broadcast(x(g, "a", 2, 3), Shape.of(3)));
        on("slice outside", g -> g.slice(x(g, "a", 5), 0, 2, 6));
        on("slice backwards", g -> g.slice(x(g, "a", 5), 0, 3, 2));
        on("pad by less than nothing", g -> g.pad(x(g, "a", 5), List.of(-1L), List.of(0L), List.of(0L)));
        on("concat of shapes that differ elsewhere", g -> g.concat(0, x(g, "a", 2, 3), x(g, "b", 2, 4)));
        on("gather by floats", g -> g.gather(x(g, "a", 4, 3), x(g, "b", 2)));
        on("gather from a scalar", g -> g.gather(x(g, "a"), i(g, "b", 2)));
        on("scatterAdd of too few rows", g -> g.scatterAdd(i(g, "a", 3), x(g, "b", 2, 4), 9));
        on("matMul of unequal inner sizes", g -> g.matMul(x(g, "a", 2, 3), x(g, "b", 4, 5), false, true));
        on("matMul of a vector", g -> g.matMul(x(g, "a", 3), x(g, "b", 3, 2), false, false));
        on("matMul of batches that do not fit", g -> g.matMul(x(g, "a", 2, 1, 3), x(g, "b", 4, 3, 1), false, false));
        on("matMul with integers", g -> g.matMul(x(g, "a", 2, 3), i(g, "b", 3, 2), false, false));
        on("conv2d for other channels", g -> g.conv2d(x(g, "x", 1, 3, 8, 8), x(g, "w", 4, 2, 3, 3), Window.same(1)));
        on("conv2d of a picture smaller than the kernel", g -> g.conv2d(x(g, "x", 1, 3, 2, 2), x(g, "w", 4, 3, 3, 3), Window.same(0)));
        on("rmsNorm with a weight of another length", g -> g.rmsNorm(x(g, "a", 2, 3), x(g, "w", 2), 1e-5));
        on("layerNorm with a bias of another shape", g -> g.layerNorm(x(g, "a", 2, 3), x(g, "w", 3), x(g, "b", 2), 1e-5));
        on("groupNorm in groups that do not divide", g -> g.groupNorm(x(g, "a", 1, 6, 2, 2), x(g, "w", 6), x(g, "b", 6), 4, 1e-5));
        on("softmax of integers", g -> g.softmax(i(g, "a", 3)));
        on("swiGlu of two shapes", g -> g.swiGlu(x(g, "a", 2, 3), x(g, "b", 2, 4)));
        on("rope with the wrong head size", g -> g.rope(x(g, "a", 1, 2, 1, 8), i(g, "p", 1, 2), List.of(1.0, 0.1)));
        on("rope without a position for each place", g -> g.rope(x(g, "a", 1, 2, 1, 4), i(g, "p", 1, 3), List.of(1.0, 0.1)));
        on("attention with key heads that do not divide", g -> g.attention(x(g, "q", 1, 2, 4, 8), x(g, "k", 1, 2, 3, 8), x(g, "v", 1, 2, 3, 8), 1));
        on("attention over rows without slots", g -> g.attention(x(g, "q", 1, 2, 2, 8), x(g, "k", 3, 5, 2, 8), x(g, "v", 3, 5, 2, 8), 1));
        on("pagedAttention without a row for each token", g -> g.add(new PagedAttention(1, 0, 0), x(g, "q", 3, 2, 8),
                x(g, "k", 4, 5, 2, 8), x(g, "v", 4, 5, 2, 8), i(g, "p", 3), i(g, "r", 2), i(g, "t", 2, 2)));
        on("crossEntropy without a target for each row", g -> g.crossEntropy(x(g, "a", 4, 5), i(g, "t", 3), 0));
        on("nearestCode of another length", g -> g.nearestCode(x(g, "a", 4, 5), x(g, "c", 9, 3)));
        on("stateAppend of another kind", g -> g.stateAppend(g.state("s", TensorType.f32(2, 8, 3)), x(g, "v", 1, 1, 4), i(g, "p", 1, 1), i(g, "t", 1)));
        on("assign of another shape", g -> g.assign(g.state("s", TensorType.f32(3)), x(g, "v", 4)));
        on("assign to what is no state", g -> g.assign(x(g, "a", 3), x(g, "b", 3)));
        on("constant with a wrong number of values", g -> g.constant(TensorType.f32(3), 1, 2));
        on("random under a key of floats", g -> g.random(Shape.of(3), x(g, "key")));
        on("a name taken by another type", g -> {
            g.parameter("weight", TensorType.f32(3));
            g.parameter("weight", TensorType.f32(4));
        });
        on("a name taken by another kind", g -> {
            g.parameter("weight", TensorType.f32(3));
            g.input("weight", TensorType.f32(3));
        });
        on("a value named twice", g -> {
            g.name("logits", x(g, "a", 3));
            g.name("logits", x(g, "b", 3));
        });
        on("an operand of another graph", g -> g.neg(x(new GraphBuilder(), "a", 3)));
        on("reading a state after it was overwritten", g -> {
            Node state = g.state("memory", TensorType.f32(3));
            g.assign(state, x(g, "a", 3));
            g.neg(state);
        });
        on("reading a view of a state after it was overwritten", g -> {
            Node state = g.state("memory", TensorType.f32(4));
            Node view = g.reshape(state, Shape.of(2, 2));
            g.assign(state, x(g, "a", 4));
            g.neg(view);
        });
        on("asking for a state that was overwritten", g -> {
            Node state = g.state("memory", TensorType.f32(3));
            g.assign(state, x(g, "a", 3));
            g.build(Map.of("old", state));
        });
        on("overwriting a state twice", g -> {
            Node state = g.state("memory", TensorType.f32(3));
            g.assign(state, x(g, "a", 3));
            g.assign(state, x(g, "a", 3));
        });
        on("the gradient of a convolution padded wider than its kernel", g -> {
            Node picture = x(g, "x", 1, 1, 3, 3);
            Node y = g.conv2d(picture, x(g, "w", 1, 1, 1, 1), Window.same(1));
            Gradients.of(g, Map.of(y, x(g, "seed", 1, 1, 5, 5)), List.of(picture));
        });
    }

    private static void on(String name, Consumer<GraphBuilder> wrong) {
        CASES.put(name, wrong);
    }

    private static Node x(GraphBuilder g, String name, long... sizes) {
        return g.input(name, TensorType.f32(sizes));
    }

    private static Node i(GraphBuilder g, String name, long... sizes) {
        return g.input(name, TensorType.i32(sizes));
    }

    @Test
    void messagesAreAsAgreed() throws IOException {
        try (InputStream golden = ErrorsTest.class.getResourceAsStream("errors.txt")) {
            String expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8);
            String actual = CASES.entrySet().stream().map(entry -> entry.getKey() + ": " + message(entry.getValue()) + "\n")
                    .collect(Collectors.joining());
            assertThat(actual).isEqualTo(expected);
        }
    }

    private static String message(Consumer<GraphBuilder> wrong) {
        try {
            wrong.accept(new GraphBuilder());
        } catch (GraphException refusal) {
            return refusal.getMessage();
        }
        return "(was not refused)";
    }

    @Test
    void aStateMayBeWrittenAgainThroughItsNewValue() {
        GraphBuilder g = new GraphBuilder();
        Node state = g.state("memory", TensorType.f32(1));
        Node once = g.assign(state, g.add(state, g.scalar(1)));
        Node again = g.assign(once, g.mul(once, g.scalar(10)));
        double[] memory = {2};
        assertThat(Interpreter.run(g.build(Map.of("y", again)), Map.of("memory", memory), Map.of()).get("y")).containsExactly(30);
        assertThat(memory).containsExactly(30);
        assertThatThrownBy(() -> g.neg(once)).isInstanceOf(GraphException.class);
    }
}
