package org.intarsia.backend.cpu.rounding;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.intarsia.backend.api.HostMemory;
import org.intarsia.backend.cpu.code.Bf16Dots;
import org.intarsia.backend.cpu.code.IntegerDots;
import org.intarsia.backend.cpu.code.MachineCode;
import org.intarsia.backend.cpu.code.StoredDots;
import org.intarsia.backend.cpu.code.TileCode;
import org.intarsia.backend.cpu.host.CpuBuffer;
import org.intarsia.backend.cpu.vector.VectorMath;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Node;
import org.intarsia.graph.op.Leaf;
import org.intarsia.graph.op.MatMul;

/**
 * The weights of a plan that are multiplied packed, and the machine code that multiplies these and others. All weights that can be are
 * packed, or none, so that the same model gives the same bits whatever else the device holds.
 */
public final class PlanWeights implements AutoCloseable {
    private final Map<String, PackedWeights> packed = new HashMap<>();
    private final Optional<Rounding> rounding;
    private final Optional<MachineCode> code;

    private PlanWeights(Optional<Rounding> rounding, Optional<MachineCode> code) {
        this.rounding = rounding;
        this.code = code;
    }

    /**
     * Finds the weights that can be packed, and takes them.
     *
     * @param rounding what a plan that may round uses; empty where the plan is exact, and nothing is packed
     * @param share    weights are packed while they take at most this share of the machine's memory
     * @param code     multiplies where it may; empty where nothing but vectors does
     */
    public static PlanWeights of(Graph graph, Map<String, CpuBuffer> bound, Optional<Rounding> rounding, double share,
            Optional<MachineCode> code) {
        PlanWeights weights = new PlanWeights(rounding, code);
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

    /** Returns the machine code of a plan that may round. */
    private Optional<MachineCode> rounding() {
        return code.filter(_ -> rounding.isPresent() && VectorMath.F.length() >= 8);
    }

    /** Returns the machine code for products with weights of this encoding and rows that are rounded, where the plan uses it. */
    public Optional<IntegerDots> integers(Encoding encoding) {
        return rounding().flatMap(code -> code.integers(encoding));
    }

    /** Returns the machine code for products with weights in BF16 and rows that are rounded, where the plan uses it. */
    public Optional<Bf16Dots> bf16() {
        return rounding().flatMap(MachineCode::bf16);
    }

    /** Returns the machine code for exact products with weights in F32, BF16 or F16 that has the bits of the vectors here, if any. */
    public Optional<StoredDots> dots(Encoding encoding) {
        return code.flatMap(code -> code.dots(encoding, VectorMath.F.length()));
    }

    /** Returns the machine code for products of F32 numbers: that with the bits of the vectors here, and that for rounded ones. */
    public TileCode tiles() {
        return new TileCode(code.flatMap(code -> code.floatTiles(VectorMath.F.length())),
                rounding().filter(_ -> rounding.orElseThrow().mixed()).flatMap(MachineCode::bf16Tiles));
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
