package org.intarsia.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reverse-mode differentiation, graph to graph: the gradient is more nodes in the same builder.
 *
 * <p>Each core op has one rule in {@link GradientRules}; a fused op differentiates through its decomposition unless it
 * has a rule of its own there. Comparisons, indices and casts to integers have no gradient.
 */
public final class Gradients {
    private final GraphBuilder graph;

    private Gradients(GraphBuilder graph) {
        this.graph = graph;
    }

    /**
     * The gradients of a scalar.
     *
     * @param loss an F32 scalar
     * @param of   the nodes to differentiate by
     * @return one gradient for each node of {@code of}, of its shape and in F32; zeros where the loss does not depend on it
     */
    public static List<Node> of(GraphBuilder graph, Node loss, List<Node> of) {
        if (loss.shape().rank() != 0) {
            throw new GraphException("gradients: the loss must be a scalar, got " + loss.type());
        }
        return of(graph, Map.of(loss, graph.scalar(1)), of);
    }

    /**
     * Vector-Jacobian products: what flows back to {@code of} when {@code seeds} (value → gradient of that value) flow in.
     */
    public static List<Node> of(GraphBuilder graph, Map<Node, Node> seeds, List<Node> of) {
        return results(graph, new Gradients(graph).flow(seeds, new HashSet<>(of), true), of);
    }

    /** The same, with each node of {@code of} taken for a value of its own, even where one is computed from another. */
    public static List<Node> alone(GraphBuilder graph, Map<Node, Node> seeds, List<Node> of) {
        return results(graph, new Gradients(graph).flow(seeds, new HashSet<>(of), false), of);
    }

    private static List<Node> results(GraphBuilder graph, Map<Node, Node> gradients, List<Node> of) {
        List<Node> results = new ArrayList<>();
        for (Node node : of) {
            Node gradient = gradients.get(node);
            results.add(gradient != null ? gradient
                    : graph.broadcast(graph.scalar(0), node.shape()));
        }
        return results;
    }

    /**
     * Lets gradients flow from the seeds back to the targets.
     *
     * @param through whether they flow on behind a target to targets that it was computed from
     */
    private Map<Node, Node> flow(Map<Node, Node> seeds, Set<Node> targets, boolean through) {
        List<Node> order = between(seeds.keySet(), targets, through);
        Map<Node, Node> gradients = new HashMap<>();
        seeds.forEach((node, gradient) -> accumulate(gradients, node, gradient));
        for (Node node : order) {
            Node gradient = gradients.get(node);
            if (gradient == null || !through && targets.contains(node)) {
                continue;
            }
            List<Node> parts = differentiate(node, gradient);
            for (int i = 0; i < parts.size(); i++) {
                Node part = parts.get(i);
                if (part != null) {
                    accumulate(gradients, node.operand(i), part);
                }
            }
        }
        return gradients;
    }

    private void accumulate(Map<Node, Node> gradients, Node node, Node gradient) {
        if (!gradient.shape().equals(node.shape())) {
            throw new GraphException("gradients: " + node + " has a gradient of shape " + gradient.shape());
        }
        gradients.merge(node, gradient, graph::add);
    }

    /** The nodes on a way from a target to a seed, latest first. */
    private List<Node> between(Set<Node> seeds, Set<Node> targets, boolean through) {
        int last = seeds.stream().mapToInt(Node::id).max().orElse(-1);
        List<Node> nodes = List.copyOf(graph.nodes().subList(0, last + 1));
        Set<Node> reaching = new HashSet<>(targets);
        for (Node node : nodes) {
            if (!node.encoding().isInteger() && node.operands().stream().anyMatch(reaching::contains)) {
                reaching.add(node);
            }
        }
        Set<Node> used = new HashSet<>(seeds);
        List<Node> order = new ArrayList<>();
        for (int id = last; id >= 0; id--) {
            Node node = nodes.get(id);
            if (used.contains(node) && reaching.contains(node)) {
                order.add(node);
                if (through || !targets.contains(node)) {
                    used.addAll(node.operands());
                }
            }
        }
        // What no target feeds gets no gradient; it is left out by asking for nodes in this list only.
        order.removeIf(node -> node.operands().stream().noneMatch(reaching::contains));
        return order;
    }

    /** The gradient for each operand; null where none flows. */
    private List<Node> differentiate(Node node, Node gradient) {
        Optional<GradientRules.Rule> rule = GradientRules.find(node);
        if (rule.isPresent()) {
            return rule.get().apply(graph, node, gradient);
        }
        Node simpler = node.op().decompose(graph, node.operands()).orElseThrow(() -> new GraphException(
                "gradients: " + node.op().kind() + " has neither a gradient rule nor a decomposition"));
        Map<Node, Node> inner = flow(Map.of(simpler, gradient), new HashSet<>(node.operands()), false);
        List<Node> parts = new ArrayList<>();
        Set<Node> seen = new HashSet<>();
        for (Node operand : node.operands()) {
            // An operand that is read twice got the sum of both ways already.
            parts.add(seen.add(operand) ? inner.get(operand) : null);
        }
        return parts;
    }
}
