package org.intarsia.backend.cpu.step;

import java.lang.foreign.Arena;
import java.util.Optional;
import org.intarsia.backend.cpu.rounding.PlanWeights;
import org.intarsia.backend.cpu.rounding.ProductLibrary;
import org.intarsia.backend.cpu.rounding.RoundedRows;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Node;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;

/**
 * A node with fixed sizes and the addresses of its values.
 *
 * @param addresses of all values of the graph, by node id
 * @param rotations what the plan's rotary embeddings share
 * @param packed    the packed weights of the plan
 * @param rounded   the rows that its steps round to 8 bits
 * @param library   multiplies large matrices, where the plan may round
 * @param memory    gives memory that lives as long as the steps
 */
public record NodeBinding(Node node, long[] addresses, Kernels kernels, Rotations rotations, PlanWeights packed, RoundedRows rounded,
        Optional<ProductLibrary> library, Arena memory) {

    /** The address of the node's value. */
    public long result() {
        return addresses[node.id()];
    }

    /** The address of an operand. */
    public long operand(int index) {
        return addresses[node.operand(index).id()];
    }

    /** The shape of the node's value. */
    public Shape shape() {
        return node.shape();
    }

    /** The shape of an operand. */
    public Shape shape(int operand) {
        return node.operand(operand).shape();
    }

    /** The encoding of an operand. */
    public Encoding encoding(int operand) {
        return node.operand(operand).encoding();
    }

    /** Counts the operands. */
    public int operands() {
        return node.operands().size();
    }

    /** The op, which is one of this type. */
    public <O extends Op> O op(Class<O> type) {
        return type.cast(node.op());
    }
}
