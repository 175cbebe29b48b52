package org.intarsia.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.intarsia.graph.op.Leaf;

/** A graph under test with values for its leaves, drawn from a fixed seed. */
final class Sample {
    final GraphBuilder graph = new GraphBuilder();
    final Map<String, double[]> values = new LinkedHashMap<>();
    final List<Node> floats = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(7);

    /** Standard normal values. */
    Node x(long... sizes) {
        return x(Encoding.F32, sizes);
    }

    Node x(Encoding encoding, long... sizes) {
        return leaf(new TensorType(Shape.of(sizes), encoding), normal(Shape.of(sizes)));
    }

    /** Values between two bounds. */
    Node between(double low, double high, long... sizes) {
        double[] drawn = random.doubles(Shape.of(sizes).elements(), low, high).toArray();
        return leaf(TensorType.f32(sizes), drawn);
    }

    Node given(double[] content, long... sizes) {
        return leaf(TensorType.f32(sizes), content);
    }

    /** Whole numbers from 0 up to but without {@code below}. */
    Node indices(int below, long... sizes) {
        return leaf(TensorType.i32(sizes), random.ints(Shape.of(sizes).elements(), 0, below).asDoubleStream().toArray());
    }

    Node integers(int[] content, long... sizes) {
        return leaf(TensorType.i32(sizes), Arrays.stream(content).asDoubleStream().toArray());
    }

    private Node leaf(TensorType type, double[] content) {
        String name = "leaf" + values.size();
        values.put(name, content);
        Node node = graph.input(name, type);
        if (!type.encoding().isInteger()) {
            floats.add(node);
        }
        return node;
    }

    double[] value(Node leaf) {
        return values.get(((Leaf.Named) leaf.op()).leafName());
    }

    double[] normal(Shape shape) {
        return IntStream.range(0, (int) shape.elements()).mapToDouble(i -> random.nextGaussian()).toArray();
    }

    double[] run(Node result) {
        return Interpreter.run(graph.build(Map.of("y", result)), values, Map.of()).get("y");
    }
}
