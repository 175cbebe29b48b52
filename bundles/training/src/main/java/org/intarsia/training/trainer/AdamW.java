package org.intarsia.training.trainer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * AdamW (Loshchilov and Hutter, 2019) with the gradient cut to a largest length, as a graph.
 *
 * <p>For each weight w it has the states {@code w}, {@code w.first} and {@code w.second}, and for each worker i the
 * parameter {@code i.gradient.w}; the workers' gradients are added in their order. Inputs, all scalars:
 * {@code learningRate}, and the bias corrections {@code correctFirst} and {@code correctSecond}, see {@link #correction}.
 * Output: {@code length}, that of the whole gradient.
 */
final class AdamW {
    static final double BETA_FIRST = 0.9;
    static final double BETA_SECOND = 0.95;
    private static final double EPSILON = 1e-8;

    private AdamW() {
    }

    static Graph graph(Map<String, TensorType> weights, int workers, double weightDecay, double clip) {
        GraphBuilder g = new GraphBuilder();
        TensorType scalar = TensorType.f32(Shape.SCALAR);
        Node rate = g.input("learningRate", scalar);
        Node correctFirst = g.input("correctFirst", scalar);
        Node correctSecond = g.input("correctSecond", scalar);
        Map<String, Node> gradients = new LinkedHashMap<>();
        List<Node> squares = new ArrayList<>();
        weights.forEach((name, type) -> {
            Node sum = g.parameter(gradient(0, name), type);
            for (int worker = 1; worker < workers; worker++) {
                sum = g.add(sum, g.parameter(gradient(worker, name), type));
            }
            gradients.put(name, sum);
            Node flat = g.reshape(sum, Shape.of(type.shape().elements()));
            squares.add(g.sum(g.mul(flat, flat), 0));
        });
        Node length = g.sqrt(g.reshape(g.sum(g.concat(0, squares.toArray(Node[]::new)), 0), Shape.SCALAR));
        Node shrink = g.div(g.scalar(clip), g.max(g.scalar(clip), length));
        weights.forEach((name, type) -> {
            Node gradient = g.mul(gradients.get(name), shrink);
            Node weight = g.state(name, type);
            Node first = g.state(name + ".first", type);
            Node second = g.state(name + ".second", type);
            Node newFirst = g.add(g.mul(first, g.scalar(BETA_FIRST)), g.mul(gradient, g.scalar(1 - BETA_FIRST)));
            Node newSecond = g.add(g.mul(second, g.scalar(BETA_SECOND)),
                    g.mul(g.mul(gradient, gradient), g.scalar(1 - BETA_SECOND)));
            Node step = g.div(g.mul(newFirst, correctFirst),
                    g.add(g.sqrt(g.mul(newSecond, correctSecond)), g.scalar(EPSILON)));
            if (decays(name, type)) {
                step = g.add(step, g.mul(weight, g.scalar(weightDecay)));
            }
            Node newWeight = g.sub(weight, g.mul(step, rate));
            g.assign(first, newFirst);
            g.assign(second, newSecond);
            g.assign(weight, newWeight);
        });
        return g.build(Map.of("length", length));
    }

    static String gradient(int worker, String weight) {
        return worker + ".gradient." + weight;
    }

    /** What a running mean that began at 0 is multiplied by after so many steps, counted from 1. */
    static float correction(double beta, int steps) {
        return (float) (1 / (1 - Math.pow(beta, steps)));
    }

    /** Matrices and kernels shrink; biases and the scales of norms do not. */
    private static boolean decays(String name, TensorType type) {
        return type.shape().rank() >= 2 && !name.contains("norm");
    }
}
