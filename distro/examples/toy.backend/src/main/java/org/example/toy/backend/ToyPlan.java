package org.example.toy.backend;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Compilation;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Interpreter;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;

/** A graph with its values, interpreted again with each run. */
final class ToyPlan implements Plan {
    private final Graph graph;
    private final Map<String, ToyBuffer> bound;
    private final Map<String, ToyBuffer> inputs = new TreeMap<>();
    private final Map<String, ToyBuffer> outputs = new TreeMap<>();

    ToyPlan(Graph graph, Map<String, ToyBuffer> bound, Function<TensorType, ToyBuffer> allocate) {
        this.graph = graph;
        this.bound = bound;
        graph.leaves(Leaf.Input.class).forEach((name, node) -> inputs.put(name, allocate.apply(node.type())));
        graph.outputs().forEach((name, node) -> outputs.put(name, allocate.apply(node.type())));
    }

    @Override
    public Buffer input(String name) {
        return Compilation.named("toy", inputs, name, "input");
    }

    @Override
    public Buffer output(String name) {
        return Compilation.named("toy", outputs, name, "output");
    }

    @Override
    public void run(Map<String, Long> sizes) {
        Map<String, double[]> values = new HashMap<>();
        // States are handed over as they are, and the interpreter overwrites them in place.
        bound.forEach((name, buffer) -> values.put(name, buffer.values()));
        graph.bind(sizes).leaves(Leaf.Input.class).forEach((name, node) -> {
            int count = Math.toIntExact(node.shape().elements());
            values.put(name, Arrays.copyOf(inputs.get(name).values(), count));
        });
        Interpreter.run(graph, values, sizes).forEach((name, result) ->
                System.arraycopy(result, 0, outputs.get(name).values(), 0, result.length));
    }

    @Override
    public void close() {
        inputs.values().forEach(ToyBuffer::close);
        outputs.values().forEach(ToyBuffer::close);
    }
}
