package org.intarsia.graph;

import java.util.List;
import org.intarsia.graph.op.Leaf;

/**
 * One value of a graph: an op applied to operands. Nodes are compared by identity.
 */
public final class Node {
    private final int id;
    private final Op op;
    private final List<Node> operands;
    private final TensorType type;

    Node(int id, Op op, List<Node> operands, TensorType type) {
        this.id = id;
        this.op = op;
        this.operands = List.copyOf(operands);
        this.type = type;
    }

    /** The place in the order of computation: an operand's id is smaller than that of the node that reads it. */
    public int id() {
        return id;
    }

    public Op op() {
        return op;
    }

    public List<Node> operands() {
        return operands;
    }

    public Node operand(int index) {
        return operands.get(index);
    }

    public TensorType type() {
        return type;
    }

    public Shape shape() {
        return type.shape();
    }

    public Encoding encoding() {
        return type.encoding();
    }

    /** The operands' types, in order. */
    public List<TensorType> operandTypes() {
        return operands.stream().map(Node::type).toList();
    }

    @Override
    public String toString() {
        Object from = op instanceof Leaf.Named leaf ? " '" + leaf.leafName() + "'"
                : operands.stream().map(operand -> "%" + operand.id).toList();
        return "%" + id + " = " + op.kind() + from + " : " + type;
    }
}
