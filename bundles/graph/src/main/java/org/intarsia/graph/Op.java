package org.intarsia.graph;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node computes, with its attributes but without its operands.
 *
 * <p>An op knows its name, the type of its result, and, unless it is a core op, how to say the same in simpler ops.
 * What a core op means is defined by {@link Interpreter}; how it differentiates by {@link Gradients}. A backend finds
 * its kernel by {@link #kind()} in a table of its own, so an op that a backend has never heard of is decomposed.
 */
public interface Op {

    /** The kind of op, named as the field names it, for example {@code matMul}; the key of kernel tables. */
    String kind();

    /**
     * The type of the result.
     *
     * @throws GraphException when the operands do not fit; the message names the op, what it expected and what came
     */
    TensorType infer(List<TensorType> operands);

    /**
     * The same result in simpler ops, or empty when the op is a core op on these operands.
     *
     * <p>Decomposing again and again ends in core ops on {@link Encoding#F32} and {@link Encoding#I32}.
     */
    default Optional<Node> decompose(GraphBuilder graph, List<Node> operands) {
        return Optional.empty();
    }

    /** This op with named sizes in its attributes replaced by the given ones. */
    default Op bind(Map<String, Long> sizes) {
        return this;
    }

    /**
     * The operand whose memory the result shares, or -1: a reshape is another view of its operand, and what writes
     * into a state gives that state.
     */
    default int alias() {
        return -1;
    }

    /** Whether this overwrites its first operand, a state. */
    default boolean writesState() {
        return false;
    }
}
