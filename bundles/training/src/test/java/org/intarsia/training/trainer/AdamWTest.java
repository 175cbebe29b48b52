package org.intarsia.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Interpreter;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.Test;

/** The optimizer's graph against the paper's formulas, written as plain loops. */
class AdamWTest {
    private static final double DECAY = 0.1;
    private static final double CLIP = 0.5;
    private static final double RATE = 0.01;

    private final Map<String, TensorType> weights = new TreeMap<>(Map.of("w", TensorType.f32(1, 2), "norm", TensorType.f32(1)));
    private final Graph graph = AdamW.graph(weights, 2, DECAY, CLIP);
    private final Map<String, double[]> values = new TreeMap<>();

    AdamWTest() {
        values.put("w", new double[] {1, -2});
        values.put("norm", new double[] {3});
        weights.forEach((name, type) -> {
            values.put(name + ".first", new double[(int) type.shape().elements()]);
            values.put(name + ".second", new double[(int) type.shape().elements()]);
        });
    }

    @Test
    void threeStepsFollowTheFormulas() {
        double[] expected = {1, -2, 3};
        double[] first = new double[3];
        double[] second = new double[3];
        for (int step = 1; step <= 3; step++) {
            double[] one = {0.3 * step, -0.2, 0.9};
            double[] two = {0.1, 0.4, -0.1 * step};
            values.put("0.gradient.w", new double[] {one[0], one[1]});
            values.put("0.gradient.norm", new double[] {one[2]});
            values.put("1.gradient.w", new double[] {two[0], two[1]});
            values.put("1.gradient.norm", new double[] {two[2]});
            values.put("learningRate", new double[] {RATE});
            values.put("correctFirst", new double[] {AdamW.correction(AdamW.BETA_FIRST, step)});
            values.put("correctSecond", new double[] {AdamW.correction(AdamW.BETA_SECOND, step)});
            double length = Interpreter.run(graph, values, Map.of()).get("length")[0];

            double squares = 0;
            for (int i = 0; i < 3; i++) {
                squares += Math.pow(one[i] + two[i], 2);
            }
            assertThat(length).isCloseTo(Math.sqrt(squares), within(1e-12));
            for (int i = 0; i < 3; i++) {
                double gradient = (one[i] + two[i]) * Math.min(1, CLIP / length);
                first[i] = 0.9 * first[i] + 0.1 * gradient;
                second[i] = 0.95 * second[i] + 0.05 * gradient * gradient;
                double update = first[i] / (1 - Math.pow(0.9, step))
                        / (Math.sqrt(second[i] / (1 - Math.pow(0.95, step))) + 1e-8);
                double decay = i < 2 ? DECAY * expected[i] : 0;
                expected[i] -= RATE * (update + decay);
            }
            assertThat(values.get("w")).containsExactly(new double[] {expected[0], expected[1]}, within(1e-6));
            assertThat(values.get("norm")[0]).as("the scale of a norm does not shrink").isCloseTo(expected[2], within(1e-6));
        }
    }
}
