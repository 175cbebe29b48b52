package org.intarsia.backend.cpu;

import java.lang.foreign.Arena;
import java.util.Optional;
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
record Site(Node node, long[] addresses, Kernels kernels, Rotations rotations, PlanWeights packed, RoundedRows rounded,
        Optional<ProductLibrary> library, Arena memory) {

    long result() {
        return addresses[node.id()];
    }

    long operand(int index) {
        return addresses[node.operand(index).id()];
    }

    Shape shape() {
        return node.shape();
    }

    Shape shape(int operand) {
        return node.operand(operand).shape();
    }

    Encoding encoding(int operand) {
        return node.operand(operand).encoding();
    }

    int operands() {
        return node.operands().size();
    }

    <O extends Op> O op(Class<O> type) {
        return type.cast(node.op());
    }
}
