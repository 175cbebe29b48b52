package org.intarsia.graph;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Rewrites a graph so that it holds only ops that a backend runs. */
public final class Lowering {
    private Lowering() {
    }

    /**
     * Replaces every node that is not {@code runnable} by its decomposition, again and again. A node that has none stays
     * as it is: core ops are the floor.
     */
    public static Graph lower(Graph graph, Predicate<Node> runnable) {
        Graph lowered = graph;
        while (true) {
            Graph simpler = decomposeOnce(lowered, runnable);
            if (simpler == null) {
                return lowered;
            }
            lowered = simpler;
        }
    }

    /** All the way down to core ops. */
    public static Graph toCore(Graph graph) {
        return lower(graph, node -> false);
    }

    /** One level down, or null when there is nothing left to decompose. */
    private static Graph decomposeOnce(Graph graph, Predicate<Node> runnable) {
        GraphBuilder target = new GraphBuilder();
        Map<Node, Node> images = new HashMap<>();
        boolean changed = false;
        for (Node node : graph.nodes()) {
            List<Node> operands = node.operands().stream().map(images::get).toList();
            Optional<Node> simpler = runnable.test(node) ? Optional.empty() : node.op().decompose(target, operands);
            changed |= simpler.isPresent();
            images.put(node, simpler.orElseGet(() -> target.add(node.op(), operands.toArray(Node[]::new))));
        }
        if (!changed) {
            return null;
        }
        Map<String, Node> outputs = new LinkedHashMap<>();
        graph.outputs().forEach((name, node) -> outputs.put(name, images.get(node)));
        return target.build(outputs);
    }
}
