package org.intarsia.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.intarsia.graph.op.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the core ops mean, on values that can be checked by hand. */
class InterpreterTest {

    @Test
    void elementwiseOpsBroadcast() {
        Sample s = new Sample();
        Node column = s.given(new double[] {1, 2}, 2, 1);
        Node row = s.given(new double[] {10, 20, 30}, 3);
        assertThat(s.run(s.graph.add(column, row))).containsExactly(11, 21, 31, 12, 22, 32);
        assertThat(s.run(s.graph.sub(row, column))).containsExactly(9, 19, 29, 8, 18, 28);
        assertThat(s.run(s.graph.div(row, column))).containsExactly(10, 20, 30, 5, 10, 15);
        assertThat(s.run(s.graph.less(column, s.graph.scalar(2)))).containsExactly(1, 0);
        assertThat(s.run(s.graph.equal(column, s.graph.scalar(2)))).containsExactly(0, 1);
        assertThat(s.run(s.graph.select(s.graph.equal(column, s.graph.scalar(2)), row, s.graph.scalar(0))))
                .containsExactly(0, 0, 0, 10, 20, 30);
    }

    @Test
    void integersDivideTowardsZero() {
        Sample s = new Sample();
        Node a = s.integers(new int[] {7, -7, 6}, 3);
        Node b = s.integers(new int[] {2, 2, -4}, 3);
        assertThat(s.run(s.graph.div(a, b))).containsExactly(3, -3, -1);
    }

    @ParameterizedTest
    @CsvSource({"F16, 1.00048828125, 1", "F16, 1.00146484375, 1.001953125", "F16, 65520, Infinity", "F16, 5.9604644775390625e-8, 5.9604644775390625e-8",
            "BF16, 1.00390625, 1", "BF16, 1.01171875, 1.015625", "BF16, 3.4e38, Infinity", "I32, -1.9, -1", "I32, 2.9, 2", "F32, 0.1, 0.1"})
    void castRoundsToNearestEvenOrTruncatesToIntegers(Encoding encoding, double value, double expected) {
        Sample s = new Sample();
        Node x = s.graph.mul(s.given(new double[] {value}, 1), s.graph.scalar(1));
        assertThat(s.run(s.graph.cast(s.graph.cast(x, encoding), Encoding.F32))).containsExactly(expected);
    }

    @Test
    void reductionsKeepTheirAxes() {
        Sample s = new Sample();
        Node x = s.given(new double[] {1, 5, 5, 4, 2, 0}, 2, 3);
        assertThat(s.run(s.graph.sum(x, 0))).containsExactly(5, 7, 5);
        assertThat(s.run(s.graph.sum(x, 0, 1))).containsExactly(17);
        assertThat(s.run(s.graph.maxReduce(x, 1))).containsExactly(5, 4);
        assertThat(s.run(s.graph.argMax(x, 1))).containsExactly(1, 0);
        assertThat(s.run(s.graph.argMax(x, 0))).containsExactly(1, 0, 0);
        assertThat(s.graph.sum(x, -1).shape()).isEqualTo(Shape.of(2, 1));
    }

    @Test
    void moves() {
        Sample s = new Sample();
        Node x = s.given(new double[] {0, 1, 2, 3, 4, 5}, 2, 3);
        assertThat(s.run(s.graph.permute(x, 1, 0))).containsExactly(0, 3, 1, 4, 2, 5);
        assertThat(s.run(s.graph.slice(x, List.of(0L, 0L), List.of(2L, 3L), List.of(1L, 2L)))).containsExactly(0, 2, 3, 5);
        assertThat(s.run(s.graph.pad(x, List.of(0L, 1L), List.of(1L, 0L), List.of(0L, 1L))))
                .containsExactly(0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 0, 0, 0, 0, 0);
        assertThat(s.run(s.graph.concat(-1, x, s.given(new double[] {8, 9}, 2, 1)))).containsExactly(0, 1, 2, 8, 3, 4, 5, 9);
        assertThat(s.run(s.graph.broadcast(s.given(new double[] {1, 2}, 2, 1), Shape.of(2, 2, 2)))).containsExactly(1, 1, 2, 2, 1, 1, 2, 2);
        assertThat(s.run(s.graph.iota(TensorType.i32(2, 3), 1))).containsExactly(0, 1, 2, 0, 1, 2);
        assertThat(s.run(s.graph.iota(TensorType.i32(2, 3), -2))).containsExactly(0, 0, 0, 1, 1, 1);
    }

    @Test
    void rows() {
        Sample s = new Sample();
        Node table = s.given(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);
        assertThat(s.run(s.graph.gather(table, s.integers(new int[] {2, 0, 2}, 3)))).containsExactly(5, 6, 1, 2, 5, 6);
        assertThat(s.run(s.graph.scatterAdd(s.integers(new int[] {1, 1, 3}, 3), table, 4))).containsExactly(0, 0, 4, 6, 0, 0, 5, 6);
    }

    @Test
    void anIndexOutsideTheTableIsReported() {
        Sample s = new Sample();
        Node row = s.graph.gather(s.x(3, 2), s.integers(new int[] {3}, 1));
        assertThatThrownBy(() -> s.run(row)).isInstanceOf(GraphException.class).hasMessage("gather: index 3 lies outside 0 to 2");
    }

    @Test
    void matMulTransposesAndBroadcasts() {
        Sample s = new Sample();
        Node a = s.given(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Node b = s.given(new double[] {1, 0, 2, 1, 0, 1}, 3, 2);
        assertThat(s.run(s.graph.matMul(a, b, false, false))).containsExactly(5, 5, 14, 11);
        assertThat(s.run(s.graph.matMul(a, a, false, true))).containsExactly(14, 32, 32, 77);
        assertThat(s.run(s.graph.matMul(b, a, true, true))).containsExactly(5, 14, 5, 11);
        Node twice = s.given(new double[] {1, 0, 0, 0, 1, 0, 2, 0, 0, 0, 2, 0}, 2, 2, 3);
        assertThat(s.run(s.graph.matMul(twice, b, false, false))).containsExactly(1, 0, 2, 1, 2, 0, 4, 2);
    }

    // States

    @Test
    void aStateOutlivesTheRunAndEarlierReadersSeeTheOldValue() {
        GraphBuilder g = new GraphBuilder();
        Node state = g.state("count", TensorType.f32(2));
        Node before = g.neg(state);
        Node after = g.assign(state, g.add(state, g.input("x", TensorType.f32(2))));
        Graph graph = g.build(Map.of("before", before, "after", after));
        double[] memory = {1, 2};
        Map<String, double[]> values = Map.of("count", memory, "x", new double[] {10, 20});
        Map<String, double[]> first = Interpreter.run(graph, values, Map.of());
        assertThat(first.get("before")).containsExactly(-1, -2);
        assertThat(first.get("after")).containsExactly(11, 22);
        assertThat(memory).containsExactly(11, 22);
        assertThat(Interpreter.run(graph, values, Map.of()).get("before")).containsExactly(-11, -22);
        assertThat(first.get("after")).as("an earlier result is a copy").containsExactly(11, 22);
    }

    @Test
    void aWrittenStateIsKeptThoughNobodyAsksForIt() {
        GraphBuilder g = new GraphBuilder();
        g.assign(g.state("memory", TensorType.f32(1)), g.constant(TensorType.f32(1), 7));
        Graph graph = g.build(Map.of());
        double[] memory = {0};
        Interpreter.run(graph, Map.of("memory", memory), Map.of());
        assertThat(memory).containsExactly(7);
    }

    @Test
    void aMissingOrMisshapenValueIsNamed() {
        GraphBuilder g = new GraphBuilder();
        Graph graph = g.build(Map.of("y", g.neg(g.parameter("weight", TensorType.f32(3)))));
        assertThatThrownBy(() -> Interpreter.run(graph, Map.of(), Map.of())).isInstanceOf(GraphException.class)
                .hasMessage("parameter 'weight': expected 3 values for F32(3), got none");
        assertThatThrownBy(() -> Interpreter.run(graph, Map.of("weight", new double[2]), Map.of()))
                .hasMessage("parameter 'weight': expected 3 values for F32(3), got 2");
    }

    // Random numbers

    @Test
    void randomIsPhiloxWithTenRounds() {
        // The published known answers of Random123 for philox2x32, 10 rounds: counter, key, output.
        assertThat(philox(0, 0, 0)).containsExactly(0xff1dae59, 0x6cd10df2);
        assertThat(philox(0xffffffff, 0xffffffff, 0xffffffff)).containsExactly(0x2c3f628b, 0xab4fd7ad);
        assertThat(philox(0x243f6a88, 0x85a308d3, 0x13198a2e)).containsExactly(0xdd7ce038, 0xf62a4c12);
        assertThat(Random.at(0, 0)).isEqualTo((0xff1dae59 >>> 8) * 0x1p-24f);
        for (int key : new int[] {0, 1, -1, 12345, Integer.MIN_VALUE}) {
            for (int index : new int[] {0, 1, 2, 1000, Integer.MAX_VALUE, -1}) {
                assertThat(Random.at(key, index)).isEqualTo((philox(index, 0, key)[0] >>> 8) * 0x1p-24f);
            }
        }
    }

    /** Philox-2x32-10 as the paper's section 4.3 describes it, on unsigned numbers in longs. */
    private static int[] philox(int counter0, int counter1, int key) {
        long left = counter0 & 0xffffffffL;
        long right = counter1 & 0xffffffffL;
        long word = key & 0xffffffffL;
        for (int round = 0; round < 10; round++) {
            long product = left * 0xd256d193L;
            left = product >>> 32 ^ word ^ right;
            right = product & 0xffffffffL;
            word = word + 0x9e3779b9L & 0xffffffffL;
        }
        return new int[] {(int) left, (int) right};
    }

    @Test
    void randomNumbersAreUniformAndDependOnTheKeyAlone() {
        Sample s = new Sample();
        Node key = s.integers(new int[] {42});
        Node other = s.integers(new int[] {43});
        double[] drawn = s.run(s.graph.random(Shape.of(100, 100), key));
        assertThat(drawn).isEqualTo(s.run(s.graph.random(Shape.of(10_000), key)));
        assertThat(drawn).isNotEqualTo(s.run(s.graph.random(Shape.of(10_000), other)));
        int[] tenths = new int[10];
        for (double value : drawn) {
            assertThat(value).isBetween(0.0, 1 - 0x1p-24);
            tenths[(int) (value * 10)]++;
        }
        // Standard deviation of each count: √(10000 · 0.1 · 0.9) = 30.
        for (int count : tenths) {
            assertThat(count).isBetween(850, 1150);
        }
    }
}
