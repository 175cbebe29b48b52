package org.intarsia.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.intarsia.graph.op.Leaf;

/**
 * A finished computation: nodes in the order in which they are computed, and the values that are asked for by name.
 *
 * <p>Immutable and safe for use by several threads. It holds only what an output or the writing of a state needs.
 */
public final class Graph {
    private final List<Node> nodes;
    private final Map<String, Node> outputs;

    Graph(List<Node> nodes, Map<String, Node> outputs) {
        this.nodes = List.copyOf(nodes);
        this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /** All nodes; a node stands behind its operands, and its {@link Node#id()} is its index in this list. */
    public List<Node> nodes() {
        return nodes;
    }

    public Map<String, Node> outputs() {
        return outputs;
    }

    /** The leaves of one kind by name, for example {@code leaves(Leaf.Parameter.class)}. */
    public <L extends Leaf> Map<String, Node> leaves(Class<L> kind) {
        Map<String, Node> leaves = new TreeMap<>();
        for (Node node : nodes) {
            if (kind.isInstance(node.op()) && node.op() instanceof Leaf.Named named) {
                leaves.put(named.leafName(), node);
            }
        }
        return leaves;
    }

    /** This graph with its named sizes fixed; node ids stay as they are. */
    public Graph bind(Map<String, Long> sizes) {
        if (nodes.stream().allMatch(node -> node.shape().isFixed())) {
            return this;
        }
        return rewrite(node -> node.op().bind(sizes));
    }

    /** This graph with every named size at its bound. */
    public Graph bounded() {
        Map<String, Long> bounds = new TreeMap<>();
        nodes.forEach(node -> node.shape().dims().stream().filter(dim -> !dim.isFixed())
                .forEach(dim -> bounds.put(dim.name(), dim.bound())));
        return bind(bounds);
    }

    private Graph rewrite(Function<Node, Op> replacement) {
        List<Node> rewritten = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            Op op = replacement.apply(node);
            List<Node> operands = node.operands().stream().map(operand -> rewritten.get(operand.id())).toList();
            rewritten.add(new Node(node.id(), op, operands, op.infer(operands.stream().map(Node::type).toList())));
        }
        Map<String, Node> renamed = new LinkedHashMap<>();
        outputs.forEach((name, node) -> renamed.put(name, rewritten.get(node.id())));
        return new Graph(rewritten, renamed);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        nodes.forEach(node -> text.append(node).append('\n'));
        outputs.forEach((name, node) -> text.append(name).append(" <- %").append(node.id()).append('\n'));
        return text.toString();
    }
}
