package org.intarsia.backend.testkit.cases;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.intarsia.backend.testkit.suite.Case;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Gradients;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * A case while it is written: a graph whose leaves come with values, drawn from the case's name.
 *
 * <p>Around the op under test two bystanders live in the plan's memory, computed before it and read after it, one larger
 * than most results and one smaller, so that a kernel that writes beside its result is found out.
 */
public final class Draft {
    final GraphBuilder graph = new GraphBuilder();
    private final String name;
    private final SplittableRandom random;
    private final Map<String, double[]> bound = new LinkedHashMap<>();
    private final Map<String, byte[]> blocks = new LinkedHashMap<>();
    private final Map<String, Wanted> inputs = new LinkedHashMap<>();
    private final List<Node> differentiable = new ArrayList<>();
    private final List<Map<String, Long>> steps = new ArrayList<>();
    private final List<Node> bystanders = new ArrayList<>();

    /** How one value is drawn. */
    interface Draw {
        double next(SplittableRandom random);
    }

    /** All values of an input for one step. */
    interface Content {
        double[] values(int step, Shape shape, SplittableRandom random);
    }

    private record Wanted(TensorType type, Content content) {
    }

    Draft(String name) {
        this.name = name;
        this.random = new SplittableRandom(name.hashCode());
        for (long size : new long[] {2048, 16}) {
            Node seen = input("bystander" + size, TensorType.f32(size), normal());
            bystanders.add(graph.neg(seen));
        }
        differentiable.clear();
    }

    static Draw normal() {
        return SplittableRandom::nextGaussian;
    }

    static Draw uniform(double low, double high) {
        return random -> random.nextDouble(low, high);
    }

    /** Standard normal values, as the content of an input. */
    static double[] normals(int step, Shape shape, SplittableRandom random) {
        return IntStream.range(0, Math.toIntExact(shape.elements()))
                .mapToDouble(i -> Values.round(random.nextGaussian(), Encoding.F32)).toArray();
    }

    /** Whole numbers from {@code low} up to but without {@code high}. */
    static Draw integers(int low, int high) {
        return random -> random.nextInt(low, high);
    }

    /** An activation of standard normal values. */
    Node input(String leaf, long... sizes) {
        return input(leaf, TensorType.f32(sizes), normal());
    }

    Node input(String leaf, TensorType type, Draw draw) {
        return given(leaf, type, (step, shape, source) -> drawn(shape, type.encoding(), draw));
    }

    Node given(String leaf, TensorType type, Content content) {
        inputs.put(leaf, new Wanted(type, content));
        return remember(graph.input(leaf, type));
    }

    Node indices(String leaf, int below, long... sizes) {
        return input(leaf, TensorType.i32(sizes), integers(0, below));
    }

    /** A weight of standard normal values in F32. */
    Node weight(String leaf, long... sizes) {
        return weight(leaf, Encoding.F32, sizes);
    }

    Node weight(String leaf, Encoding encoding, long... sizes) {
        return weight(leaf, new TensorType(Shape.of(sizes), encoding), normal());
    }

    /** A weight of random blocks; nothing flows back to it. */
    Node blocks(String leaf, Encoding encoding, long... sizes) {
        TensorType type = new TensorType(Shape.of(sizes), encoding);
        byte[] bytes = Values.blocks(type, random);
        blocks.put(leaf, bytes);
        bound.put(leaf, Values.decode(MemorySegment.ofArray(bytes), encoding));
        return graph.parameter(leaf, type);
    }

    Node weight(String leaf, TensorType type, Draw draw) {
        bound.put(leaf, drawn(type.shape(), type.encoding(), draw));
        return remember(graph.parameter(leaf, type));
    }

    Node weight(String leaf, TensorType type, double... values) {
        bound.put(leaf, values);
        return remember(graph.parameter(leaf, type));
    }

    Node state(String leaf, TensorType type, Draw draw) {
        bound.put(leaf, drawn(type.shape(), type.encoding(), draw));
        return graph.state(leaf, type);
    }

    private Node remember(Node leaf) {
        if (!leaf.encoding().isInteger()) {
            differentiable.add(leaf);
        }
        return leaf;
    }

    private double[] drawn(Shape shape, Encoding encoding, Draw draw) {
        return IntStream.range(0, Math.toIntExact(shape.elements()))
                .mapToDouble(i -> Values.round(draw.next(random), encoding)).toArray();
    }

    /** One more run, with these values for a named size. */
    Draft step(String size, long value) {
        steps.add(Map.of(size, value));
        return this;
    }

    /** Several runs with new inputs each. */
    Draft runs(int count) {
        IntStream.range(0, count).forEach(i -> steps.add(Map.of()));
        return this;
    }

    /** The frequencies of rotary positions with base 10000. */
    public static List<Double> frequencies(long headDim) {
        return IntStream.range(0, (int) headDim / 2).mapToObj(i -> Math.pow(10_000, -2.0 * i / headDim)).toList();
    }

    Dim length(long bound) {
        return Dim.named("length", bound);
    }

    /** The case that asks for the given values. */
    Case ask(String kind, Tolerance tolerance, Map<String, Node> outputs) {
        Map<String, Node> all = new LinkedHashMap<>(outputs);
        bystanders.forEach(node -> all.put("bystander" + node.shape(), graph.neg(node)));
        List<Map<String, Long>> sizes = steps.isEmpty() ? List.of(Map.of()) : steps;
        List<Case.Step> runs = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            int step = i;
            Map<String, double[]> values = new LinkedHashMap<>();
            inputs.forEach((leaf, wanted) -> values.put(leaf,
                    wanted.content.values(step, wanted.type.shape().bind(sizes.get(step)), random)));
            runs.add(new Case.Step(sizes.get(i), values));
        }
        return new Case(name, kind, graph.build(all), bound, blocks, runs, tolerance);
    }

    /** The case that asks for what flows back from {@code result} to every float leaf. */
    Case askGradients(String kind, Tolerance tolerance, Node result) {
        Node seed = graph.input("seed", result.type());
        inputs.put("seed", new Wanted(result.type(), (step, shape, source) -> drawn(shape, Encoding.F32, normal())));
        List<Node> gradients = Gradients.of(graph, Map.of(result, seed), differentiable);
        Map<String, Node> outputs = new LinkedHashMap<>();
        for (int i = 0; i < gradients.size(); i++) {
            outputs.put("gradient" + i, gradients.get(i));
        }
        return ask(kind, tolerance, outputs);
    }
}
