package org.intarsia.backend.cpu;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Node;
import org.intarsia.graph.op.Leaf;
import org.intarsia.graph.op.MatMul;

/**
 * The weights of a plan that are multiplied packed. All of them are, or none, so that the same model gives the same bits
 * whatever else the device holds.
 */
final class PlanWeights implements AutoCloseable {
    private final Map<String, PackedWeights> packed = new HashMap<>();
    private final Optional<PackedStore> store;

    private PlanWeights(Optional<PackedStore> store) {
        this.store = store;
    }

    /**
     * Finds the weights that can be packed.
     *
     * @param store gives packed weights; empty where none shall be
     * @param most  the bytes that they may take together; where they would take more, none is packed
     */
    static PlanWeights of(Graph graph, Map<String, CpuBuffer> bound, Optional<PackedStore> store, long most) {
        Map<String, Node> found = new HashMap<>();
        if (store.isPresent()) {
            for (Node node : graph.nodes()) {
                if (node.op() instanceof MatMul product && product.transposeB() && !product.transposeA()
                        && node.operand(1).op() instanceof Leaf.Parameter weight && isPacked(node.operand(1))) {
                    found.put(weight.leafName(), node.operand(1));
                }
            }
        }
        long bytes = found.values().stream().mapToLong(weight ->
                PackedWeights.bytes(weight.encoding(), rows(weight), inner(weight))).sum();
        PlanWeights weights = new PlanWeights(store);
        if (bytes <= most) {
            try {
                found.forEach((name, weight) -> weights.packed.put(name,
                        store.orElseThrow().take(bound.get(name), weight.encoding(), rows(weight), inner(weight))));
            } catch (RuntimeException | OutOfMemoryError e) {
                weights.close();
                throw e;
            }
        }
        return weights;
    }

    /** One matrix with whole blocks in each row. */
    private static boolean isPacked(Node weight) {
        return PackedWeights.packs(weight.encoding()) && weight.shape().rank() == 2
                && weight.shape().size(1) % weight.encoding().blockElements() == 0 && weight.shape().size(1) > 0;
    }

    private static int rows(Node weight) {
        return Math.toIntExact(weight.shape().size(0));
    }

    private static int inner(Node weight) {
        return Math.toIntExact(weight.shape().size(1));
    }

    /** Returns the packed form of an operand, where it has one. */
    Optional<PackedWeights> of(Node operand) {
        return operand.op() instanceof Leaf.Parameter weight ? Optional.ofNullable(packed.get(weight.leafName())) : Optional.empty();
    }

    /** Gives all weights back. */
    @Override
    public void close() {
        packed.values().forEach(weights -> store.orElseThrow().giveBack(weights));
        packed.clear();
    }
}
