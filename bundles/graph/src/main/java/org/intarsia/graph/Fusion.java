package org.intarsia.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.graph.op.Cast;
import org.intarsia.graph.op.Elementwise;
import org.intarsia.graph.op.Fused;
import org.intarsia.graph.op.Fused.Function;
import org.intarsia.graph.op.Fused.Instruction;
import org.intarsia.graph.op.Leaf;

/**
 * Joins ops that work element by element into {@link Fused} ones: a value that only such ops of the same shape read is
 * never written to memory. For backends, after {@link Lowering}.
 */
public final class Fusion {
    /** Instructions of one fused op at most: its intermediate values must stay in registers or the first-level cache. */
    private static final int LONGEST = 24;

    private final Graph graph;
    /** For each node the last node of the fused op that it belongs to, or -1. */
    private final int[] roots;

    private Fusion(Graph graph) {
        this.graph = graph;
        this.roots = new int[graph.nodes().size()];
    }

    /** The graph with all ops that work element by element joined as far as they can be. */
    public static Graph fuse(Graph graph) {
        Fusion fusion = new Fusion(graph);
        fusion.assign();
        return fusion.rewrite();
    }

    /** The function of a node that works element by element, or null. */
    private static Function function(Node node) {
        boolean integer = !node.operands().isEmpty() && node.operands().getLast().encoding() == Encoding.I32;
        if (node.op() instanceof Elementwise op) {
            return Function.valueOf((integer && op != Elementwise.SELECT ? "INT_" : "") + op.name());
        }
        if (node.op() instanceof Cast cast) {
            boolean fromInteger = node.operand(0).encoding() == Encoding.I32;
            boolean fromFloat = node.operand(0).encoding() == Encoding.F32;
            return cast.encoding() == Encoding.F32 && fromInteger ? Function.TO_FLOAT
                    : cast.encoding() == Encoding.I32 && fromFloat ? Function.TO_INT : null;
        }
        return switch (node.op().kind()) {
            case "silu" -> Function.SILU;
            case "gelu" -> Function.GELU;
            case "swiGlu" -> Function.SWIGLU;
            case "siluGradient" -> Function.SILU_GRADIENT;
            case "broadcast" -> node.encoding() == Encoding.F32 || node.encoding() == Encoding.I32 ? Function.COPY : null;
            default -> null;
        };
    }

    /** Whether this node becomes part of a {@link Fused} one. */
    public static boolean isElementwise(Node node) {
        return function(node) != null;
    }

    private void assign() {
        List<Node> nodes = graph.nodes();
        List<List<Node>> readers = new ArrayList<>();
        nodes.forEach(node -> readers.add(new ArrayList<>()));
        nodes.forEach(node -> node.operands().forEach(operand -> readers.get(operand.id()).add(node)));
        int[] lengths = new int[nodes.size()];
        for (int id = nodes.size() - 1; id >= 0; id--) {
            Node node = nodes.get(id);
            roots[id] = function(node) == null ? -1 : id;
            if (roots[id] < 0) {
                continue;
            }
            // Readers come later and have their roots already. When one fused op reads this value and nobody else, it joins.
            int common = readers.get(id).stream().mapToInt(reader -> roots[reader.id()]).distinct().count() == 1
                    ? roots[readers.get(id).getFirst().id()] : -1;
            if (common >= 0 && nodes.get(common).shape().equals(node.shape()) && lengths[common] < LONGEST
                    && !graph.outputs().containsValue(node) && !readsState(node)) {
                roots[id] = common;
            }
            lengths[roots[id]]++;
        }
    }

    /** What reads a state must do so at its own place in the order, before the state is written. */
    private static boolean readsState(Node node) {
        return node.operands().stream().anyMatch(operand -> {
            Node origin = operand;
            while (origin.op().alias() >= 0) {
                origin = origin.operand(origin.op().alias());
            }
            return origin.op() instanceof Leaf.State;
        });
    }

    private Graph rewrite() {
        GraphBuilder target = new GraphBuilder();
        Map<Node, Node> images = new HashMap<>();
        Map<Integer, List<Node>> members = new HashMap<>();
        for (Node node : graph.nodes()) {
            int root = roots[node.id()];
            if (root < 0) {
                images.put(node, target.add(node.op(), node.operands().stream().map(images::get).toArray(Node[]::new)));
                continue;
            }
            members.computeIfAbsent(root, key -> new ArrayList<>()).add(node);
            if (root == node.id()) {
                images.put(node, join(target, members.get(root), images));
            }
        }
        Map<String, Node> outputs = new LinkedHashMap<>();
        graph.outputs().forEach((name, node) -> outputs.put(name, images.get(node)));
        return target.build(outputs);
    }

    private static Node join(GraphBuilder target, List<Node> members, Map<Node, Node> images) {
        List<Node> operands = new ArrayList<>();
        List<Node> constants = new ArrayList<>();
        for (Node member : members) {
            for (Node operand : member.operands()) {
                if (operand.op() instanceof Leaf.Constant constant && constant.isSplat()) {
                    if (!constants.contains(operand)) {
                        constants.add(operand);
                    }
                } else if (!members.contains(operand) && !operands.contains(operand)) {
                    operands.add(operand);
                }
            }
        }
        Map<Node, Integer> places = new HashMap<>();
        operands.forEach(operand -> places.put(operand, places.size()));
        List<Instruction> program = new ArrayList<>();
        for (Node constant : constants) {
            places.put(constant, places.size());
            program.add(new Instruction(constant.encoding() == Encoding.I32 ? Function.INT_CONSTANT : Function.CONSTANT,
                    List.of(), ((Leaf.Constant) constant.op()).at(0)));
        }
        for (Node member : members) {
            List<Integer> arguments = member.operands().stream().map(places::get).toList();
            places.put(member, places.size());
            program.add(new Instruction(function(member), arguments, 0));
        }
        return target.add(new Fused(List.copyOf(program), members.getLast().type()),
                operands.stream().map(images::get).toArray(Node[]::new));
    }
}
