package org.intarsia.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Where the intermediate values of a graph lie in one block of memory, so that values that are never needed at the same
 * time share their place. Every backend uses this one plan.
 *
 * <p>Values are placed by size, largest first, each at the lowest offset that is free while it lives (Pisarchyk and Lee,
 * "Efficient memory management for deep neural net inference", 2020).
 */
public final class MemoryPlan {
    private final int[] roots;
    private final long[] offsets;
    private final long bytes;

    private MemoryPlan(int[] roots, long[] offsets, long bytes) {
        this.roots = roots;
        this.offsets = offsets;
        this.bytes = bytes;
    }

    /**
     * Plans a graph; named sizes count with their bounds.
     *
     * @param external  values that have memory of their own, such as leaves and outputs that the caller holds
     * @param reuse     the operand whose memory a node may overwrite with its result when nothing else needs it any more
     *                  and both are of one size, or -1
     * @param alignment of every offset, in bytes
     */
    public static MemoryPlan of(Graph graph, Predicate<Node> external, ToIntFunction<Node> reuse, long alignment) {
        List<Node> nodes = graph.nodes();
        int count = nodes.size();
        int[] roots = new int[count];
        int[] first = new int[count];
        int[] last = new int[count];
        for (Node node : nodes) {
            int id = node.id();
            roots[id] = node.op().alias() >= 0 ? roots[node.operand(node.op().alias()).id()] : id;
            first[id] = id;
            last[roots[id]] = id;
            for (Node operand : node.operands()) {
                last[roots[operand.id()]] = id;
            }
        }
        graph.outputs().values().forEach(node -> last[roots[node.id()]] = count);
        boolean[] placed = new boolean[count];
        for (Node node : nodes) {
            placed[node.id()] = roots[node.id()] == node.id() && !external.test(node);
        }
        for (Node node : nodes) {
            int operand = placed[node.id()] ? reuse.applyAsInt(node) : -1;
            if (operand >= 0) {
                int victim = find(roots, node.operand(operand).id());
                if (placed[victim] && last[victim] == node.id()
                        && nodes.get(victim).type().bytes() == node.type().bytes()) {
                    placed[node.id()] = false;
                    roots[node.id()] = victim;
                    last[victim] = last[node.id()];
                }
            }
        }
        List<Node> order = new ArrayList<>(nodes.stream().filter(node -> placed[node.id()]).toList());
        order.sort(Comparator.comparingLong((Node node) -> node.type().bytes()).reversed().thenComparingInt(Node::id));
        long[] offsets = new long[count];
        long total = 0;
        List<Node> done = new ArrayList<>();
        for (Node node : order) {
            long size = Math.ceilDiv(node.type().bytes(), alignment) * alignment;
            long offset = 0;
            // Those already placed that live at the same time, from low to high: the first gap that fits.
            List<Node> neighbours = done.stream()
                    .filter(other -> first[other.id()] <= last[node.id()] && first[node.id()] <= last[other.id()])
                    .sorted(Comparator.comparingLong(other -> offsets[other.id()])).toList();
            for (Node other : neighbours) {
                if (offset + size <= offsets[other.id()]) {
                    break;
                }
                offset = Math.max(offset, offsets[other.id()] + Math.ceilDiv(other.type().bytes(), alignment) * alignment);
            }
            offsets[node.id()] = offset;
            total = Math.max(total, offset + size);
            done.add(node);
        }
        for (int id = 0; id < count; id++) {
            roots[id] = find(roots, id);
        }
        return new MemoryPlan(roots, offsets, total);
    }

    /**
     * The operand that a kernel may overwrite with the node's result, or -1, where kernels read what they overwrite
     * before they write it: those that go element by element, or row by row, and an operand of the result's shape.
     */
    public static int inPlace(Node node) {
        boolean overwrites = switch (node.op().kind()) {
            case "fused", "softmax", "rmsNorm", "normalizeGradient", "layerNorm" -> true;
            default -> false;
        };
        for (int i = 0; overwrites && i < node.operands().size(); i++) {
            Node operand = node.operand(i);
            Node origin = origin(operand);
            boolean once = node.operands().stream().filter(other -> origin(other) == origin).count() == 1;
            if (once && operand.shape().equals(node.shape())) {
                return i;
            }
        }
        return -1;
    }

    private static Node origin(Node node) {
        return node.op().alias() < 0 ? node : origin(node.operand(node.op().alias()));
    }

    private static int find(int[] roots, int id) {
        int root = id;
        while (roots[root] != root) {
            root = roots[root];
        }
        return root;
    }

    /** The node whose memory this one shares; itself when it shares none. Only roots may be external. */
    public int root(Node node) {
        return roots[node.id()];
    }

    /** The byte offset of a value's memory; of no meaning for a value whose root is external. */
    public long offset(Node node) {
        return offsets[roots[node.id()]];
    }

    /** The size of the block. */
    public long bytes() {
        return bytes;
    }
}
