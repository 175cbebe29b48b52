package org.intarsia.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.intarsia.graph.op.Leaf;

/**
 * Cuts a graph into stages that run one after the other, each perhaps on a device or a host of its own. Between two stages a single
 * value is handed on; all else that a stage needs are inputs, constants and parameters, which it reads for itself. So whatever is
 * computed of inputs alone, such as the angles of positions, is computed in each stage that uses it.
 */
public final class GraphStages {
    private GraphStages() {
    }

    /**
     * Cuts a graph behind some of its outputs.
     *
     * @param graph      whose nodes are the same in the stages, so results have the same bits
     * @param boundaries names of outputs, in the order in which the stages compute them; each is the output of one stage and the input,
     *                   by the same name, of the next
     * @return one stage more than there are boundaries; the last one has all other outputs
     * @throws GraphException when a name is no output, when a value passes a boundary beside the one that is handed on, or when two
     *                        stages write the same state: then the graph cannot be cut there
     */
    public static List<Graph> cut(Graph graph, List<String> boundaries) {
        Map<Node, String> cuts = new LinkedHashMap<>();
        for (String name : boundaries) {
            Node node = graph.outputs().get(name);
            if (node == null) {
                throw new GraphException("the graph has no output '" + name + "' to be cut behind; it has " + graph.outputs().keySet());
            }
            if (cuts.putIfAbsent(node, name) != null) {
                throw new GraphException("the graph is cut twice behind the same value, '" + name + "'");
            }
        }
        List<Graph> stages = new ArrayList<>();
        Map<String, Integer> states = new HashMap<>();
        Set<String> rest = new LinkedHashSet<>(graph.outputs().keySet());
        boundaries.forEach(rest::remove);
        for (int number = 0; number <= boundaries.size(); number++) {
            Set<String> outputs = number < boundaries.size() ? Set.of(boundaries.get(number)) : rest;
            Graph stage = stage(graph, outputs, number == 0 ? null : boundaries.get(number - 1), cuts);
            for (String state : stage.leaves(Leaf.State.class).keySet()) {
                Integer other = states.putIfAbsent(state, number);
                if (other != null) {
                    throw new GraphException("the state '" + state + "' is in stage " + other + " and in stage " + number
                            + " of the graph; cut it elsewhere");
                }
            }
            stages.add(stage);
        }
        long written = graph.leaves(Leaf.State.class).size();
        if (states.size() < written) {
            throw new GraphException("of " + written + " states of the graph only " + states.size()
                    + " are needed by an output; the others belong to no stage");
        }
        return stages;
    }

    private static Graph stage(Graph graph, Set<String> outputs, String before, Map<Node, String> cuts) {
        Set<Node> needed = new HashSet<>();
        outputs.forEach(name -> needed.add(graph.outputs().get(name)));
        Set<Node> own = Set.copyOf(needed);
        for (int id = graph.nodes().size() - 1; id >= 0; id--) {
            Node node = graph.nodes().get(id);
            if (!needed.contains(node)) {
                continue;
            }
            String cut = own.contains(node) ? null : cuts.get(node);
            if (cut == null) {
                needed.addAll(node.operands());
            } else if (!cut.equals(before)) {
                throw new GraphException("the value '" + cut + "' is needed behind the next boundary, too: outputs " + outputs
                        + " cannot be cut off");
            }
        }
        GraphBuilder target = new GraphBuilder();
        Map<Node, Node> images = new HashMap<>();
        boolean handed = before == null;
        for (Node node : graph.nodes()) {
            if (!needed.contains(node)) {
                continue;
            }
            if (!own.contains(node) && cuts.containsKey(node)) {
                images.put(node, target.input(before, node.type()));
                handed = true;
            } else {
                images.put(node, target.add(node.op(), node.operands().stream().map(images::get).toArray(Node[]::new)));
            }
        }
        if (!handed) {
            throw new GraphException("outputs " + outputs + " do not need '" + before + "': the graph cannot be cut there");
        }
        Map<String, Node> results = new LinkedHashMap<>();
        outputs.forEach(name -> results.put(name, images.get(graph.outputs().get(name))));
        return target.build(results);
    }
}
