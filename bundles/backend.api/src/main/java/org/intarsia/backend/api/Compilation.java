package org.intarsia.backend.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Lowering;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;

/** What compiled graphs have in common on all devices, whichever nodes a device runs itself. */
public final class Compilation {
    private Compilation() {
    }

    /** A device's answer about a node, given whether it runs a node as it is. */
    public static Support support(Node node, Predicate<Node> isNative) {
        if (isNative.test(node)) {
            return new Support.Native();
        }
        List<String> refusals = refusals(Lowering.lower(alone(node), isNative), isNative);
        return refusals.isEmpty() ? new Support.Decompose() : new Support.Unsupported(String.join(", ", refusals));
    }

    /** A graph of this node and leaves like its operands. */
    private static Graph alone(Node node) {
        GraphBuilder builder = new GraphBuilder();
        List<Node> operands = new ArrayList<>();
        for (TensorType type : node.operandTypes()) {
            String name = "operand " + operands.size();
            boolean written = node.op().writesState() && operands.isEmpty();
            operands.add(written ? builder.state(name, type) : builder.input(name, type));
        }
        return builder.build(Map.of("result", builder.add(node.op(), operands.toArray(Node[]::new))));
    }

    private static List<String> refusals(Graph graph, Predicate<Node> isNative) {
        return graph.nodes().stream().filter(isNative.negate())
                .map(node -> "no kernel for " + node.op().kind() + " on " + node.operandTypes() + " to " + node.type()).distinct()
                .toList();
    }

    /**
     * The buffers that a lowered graph needs.
     *
     * @param device  its name, for messages
     * @param lowered the graph after {@link Lowering#lower} with {@code isNative}
     * @param bound   what the caller gave
     * @param kind    the device's own kind of buffer
     * @throws BackendException naming every node that is not native, and every buffer that is missing or wrong
     */
    public static <B extends Buffer> Map<String, B> check(String device, Graph lowered, Predicate<Node> isNative,
            Map<String, Buffer> bound, Class<B> kind) {
        List<String> problems = new ArrayList<>(refusals(lowered, isNative));
        Map<String, B> buffers = new TreeMap<>();
        for (Node node : lowered.nodes()) {
            if (node.op() instanceof Leaf.Parameter || node.op() instanceof Leaf.State) {
                Leaf.Named leaf = (Leaf.Named) node.op();
                Buffer buffer = bound.get(leaf.leafName());
                if (!kind.isInstance(buffer)) {
                    problems.add(leaf.kind() + " '" + leaf.leafName() + "' " + (buffer == null ? "has no buffer"
                            : "has a buffer of another device"));
                } else if (!buffer.type().equals(node.type())) {
                    problems.add(leaf.kind() + " '" + leaf.leafName() + "' is " + node.type() + ", its buffer " + buffer.type());
                } else {
                    buffers.put(leaf.leafName(), kind.cast(buffer));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new BackendException(device + ": the graph cannot be compiled: " + String.join("; ", problems));
        }
        return buffers;
    }

    /**
     * An input or output of a plan.
     *
     * @param device  its name, for messages
     * @param buffers all of the kind, by name
     * @param what    the kind, for messages
     * @throws BackendException naming those that there are, when there is none of that name
     */
    public static <B extends Buffer> B named(String device, Map<String, B> buffers, String name, String what) {
        B buffer = buffers.get(name);
        if (buffer == null) {
            throw new BackendException(device + ": the plan has no " + what + " '" + name + "'; it has " + buffers.keySet());
        }
        return buffer;
    }
}
