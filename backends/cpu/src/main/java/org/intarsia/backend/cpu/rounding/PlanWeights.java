package org.intarsia.backend.cpu.rounding;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.intarsia.backend.api.HostMemory;
import org.intarsia.backend.cpu.code.Bf16Dots;
import org.intarsia.backend.cpu.code.Bf16Tiles;
import org.intarsia.backend.cpu.code.IntegerDots;
import org.intarsia.backend.cpu.code.MachineCode;
import org.intarsia.backend.cpu.host.CpuBuffer;
import org.intarsia.backend.cpu.vector.VectorMath;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Node;
import org.intarsia.graph.op.Leaf;
import org.intarsia.graph.op.MatMul;

/**
 * The weights of a plan that are multiplied packed. All of them are, or none, so that the same model gives the same bits
 * whatever else the device holds.
 */
public final class PlanWeights implements AutoCloseable {
    private final Map<String, PackedWeights> packed = new HashMap<>();
    private final Optional<Rounding> rounding;
    private final boolean useCode;

    private PlanWeights(Optional<Rounding> rounding, boolean useCode) {
        this.rounding = rounding;
        this.useCode = useCode;
    }

    /**
     * Finds the weights that can be packed, and takes them.
     *
     * @param rounding what a plan that may round uses; empty where the plan is exact, and nothing is packed
     * @param share    weights are packed while they take at most this share of the machine's memory
     * @param useCode  whether machine code may multiply
     */
    public static PlanWeights of(Graph graph, Map<String, CpuBuffer> bound, Optional<Rounding> rounding, double share,
            boolean useCode) {
        PlanWeights weights = new PlanWeights(rounding, useCode);
        Map<String, Node> found = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (node.op() instanceof MatMul product && product.transposeB() && !product.transposeA()
                    && node.operand(1).op() instanceof Leaf.Parameter weight && weights.packs(node.operand(1))) {
                found.put(weight.leafName(), node.operand(1));
            }
        }
        long bytes = found.values().stream().mapToLong(PlanWeights::bytes).sum();
        if (bytes <= share * HostMemory.bytes()) {
            try {
                found.forEach((name, weight) -> weights.packed.put(name, rounding.orElseThrow().packed().take(bound.get(name),
                        weight.encoding(), rows(weight), inner(weight))));
            } catch (RuntimeException | OutOfMemoryError e) {
                weights.close();
                throw e;
            }
        }
        return weights;
    }

    /** One matrix with whole blocks in each row. */
    private boolean packs(Node weight) {
        return integers(weight.encoding()).isPresent() && weight.shape().rank() == 2 && weight.shape().size(1) > 0
                && weight.shape().size(1) % weight.encoding().blockElements() == 0;
    }

    private static long bytes(Node weight) {
        return PackedWeights.bytes(weight.encoding(), rows(weight), inner(weight));
    }

    /** Returns what a plan uses that may run machine code. */
    private Optional<MachineCode> code() {
        return rounding.filter(_ -> useCode && VectorMath.F.length() >= 8).map(Rounding::code);
    }

    /** Returns the machine code for products with weights of this encoding, where the plan uses it. */
    public Optional<IntegerDots> integers(Encoding encoding) {
        return code().flatMap(code -> code.integers(encoding));
    }

    /** Returns the machine code for products with weights in BF16, where the plan uses it. */
    public Optional<Bf16Dots> bf16() {
        return code().flatMap(MachineCode::bf16);
    }

    /** Returns the machine code for products of F32 numbers that are rounded to BF16, where the plan uses it. */
    public Optional<Bf16Tiles> tiles() {
        return code().filter(_ -> rounding.orElseThrow().mixed()).flatMap(MachineCode::tiles);
    }

    private static int rows(Node weight) {
        return Math.toIntExact(weight.shape().size(0));
    }

    private static int inner(Node weight) {
        return Math.toIntExact(weight.shape().size(1));
    }

    /** Returns the packed form of an operand, where it has one. */
    public Optional<PackedWeights> of(Node operand) {
        return operand.op() instanceof Leaf.Parameter weight ? Optional.ofNullable(packed.get(weight.leafName())) : Optional.empty();
    }

    /** Gives all weights back. */
    @Override
    public void close() {
        packed.values().forEach(weights -> rounding.orElseThrow().packed().giveBack(weights));
        packed.clear();
    }
}
