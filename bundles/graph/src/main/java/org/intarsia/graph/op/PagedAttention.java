package org.intarsia.graph.op;

import java.util.List;
import java.util.Optional;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.GraphException;
import org.intarsia.graph.Node;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Causal attention of single tokens to keys and values that lie in blocks (Kwon et al., 2023): tokens of different sequences,
 * and several of one, stand side by side in any order.
 *
 * <p>Operands: q (tokens, heads, headDim) in F32; keys and values (blocks, block, keyHeads, headDim) in F32, F16 or BF16, where
 * keyHeads divides heads; position I32 (tokens), the place of each token in its sequence; row I32 (tokens), the row of the table
 * that belongs to that sequence; table I32 (rows, most), the blocks of each sequence in their order. A token sees the keys at the
 * places from 0 up to and with its own: place p lies in block {@code table[row][p / block]}, at {@code p % block}. Entries
 * behind the block of a token's own place are never looked at by it. Result: as q.
 *
 * <p>The result of a token depends on nothing but what it sees: not on the tokens beside it, nor on which blocks hold its keys.
 * Backends sum in an order that depends on the number of keys alone.
 *
 * @param scale   factor on the products of queries and keys
 * @param window  as in {@link Attention}
 * @param softCap as in {@link Attention}
 */
public record PagedAttention(double scale, int window, double softCap) implements Op {

    public PagedAttention {
        if (window < 0 || softCap < 0) {
            throw new GraphException("pagedAttention: window and cap are at least 0; got window " + window + ", cap " + softCap);
        }
    }

    @Override
    public String kind() {
        return "pagedAttention";
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        Check.count(kind(), 6, operands);
        Check.f32(kind(), operands, 0);
        Check.rank(kind(), operands, 0, 3);
        Check.rank(kind(), operands, 1, 4);
        Check.i32(kind(), operands, 3, 4, 5);
        Check.rank(kind(), operands, 5, 2);
        TensorType keys = operands.get(1);
        Shape q = operands.get(0).shape();
        Check.that(operands.get(2).equals(keys), kind(), "keys and values of one type", operands);
        Check.that(List.of(Encoding.F32, Encoding.F16, Encoding.BF16).contains(keys.encoding()), kind(),
                "keys and values in F32, F16 or BF16", operands);
        Check.that(q.dim(2).equals(keys.shape().dim(3)) && q.size(1) % keys.shape().size(2) == 0, kind(),
                "heads of one size, and key heads that divide the heads", operands);
        Shape tokens = Shape.of(q.dim(0));
        Check.that(operands.get(3).shape().equals(tokens) && operands.get(4).shape().equals(tokens), kind(),
                "a position and a row for each token", operands);
        return operands.getFirst();
    }

    @Override
    public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
        Shape q = operands.get(0).shape();
        Shape keys = operands.get(1).shape();
        Dim tokens = q.dim(0);
        long block = keys.size(1);
        Node blocks = g.gather(operands.get(5), operands.get(4));                                         // (tokens, most)
        long most = blocks.shape().size(1);
        Node first = g.mul(g.reshape(blocks, Shape.of(tokens, Dim.fixed(most), Dim.fixed(1))),
                g.constant(TensorType.i32(Shape.SCALAR), block));
        Node places = g.reshape(g.add(first, g.iota(TensorType.i32(1, 1, block), 2)), Shape.of(tokens, Dim.fixed(most * block)));
        Shape flat = Shape.of(keys.size(0) * block).concat(keys.drop(2));
        List<Node> seen = List.of(operands.get(1), operands.get(2)).stream()
                .map(pool -> g.gather(g.reshape(pool, flat), places)).toList();                        // (tokens, places, …)
        Node alone = g.reshape(operands.get(0), Shape.of(tokens, Dim.fixed(1), q.dim(1), q.dim(2)));
        Node position = g.reshape(operands.get(3), Shape.of(tokens, Dim.fixed(1)));
        Node mixed = g.add(new Attention(scale, true, window, softCap), alone, seen.get(0), seen.get(1), position);
        return Optional.of(g.reshape(mixed, q));
    }
}
