package org.intarsia.graph.op;

import java.util.List;
import java.util.Optional;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Op;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Writes new keys or values into a cache: state (rows, context, tail…), values (sequences, length, tail…),
 * position I32 (sequences, length), slot I32 (sequences) → the state, where place position[s, l] of row slot[s] holds
 * values[s, l]. The state may be in F16 or BF16; the values are F32 and are rounded. No place may be written twice in one run, and every position must lie within the context.
 */
public record StateAppend() implements Op {
    @Override
    public String kind() {
        return "stateAppend";
    }

    @Override
    public TensorType infer(List<TensorType> operands) {
        Check.count(kind(), 4, operands);
        Check.f32(kind(), operands, 1);
        Check.that(List.of(Encoding.F32, Encoding.F16, Encoding.BF16).contains(operands.get(0).encoding()), kind(),
                "a state in F32, F16 or BF16", operands);
        Check.i32(kind(), operands, 2, 3);
        Shape state = operands.get(0).shape();
        Shape values = operands.get(1).shape();
        Check.that(state.rank() >= 2 && values.rank() == state.rank() && values.drop(2).equals(state.drop(2)), kind(),
                "values of the state's kind", operands);
        Check.that(operands.get(2).shape().equals(Shape.of(values.dim(0), values.dim(1)))
                        && operands.get(3).shape().equals(Shape.of(values.dim(0))), kind(),
                "a position for each value and a slot for each sequence", operands);
        return operands.getFirst();
    }

    @Override
    public Optional<Node> decompose(GraphBuilder g, List<Node> operands) {
        Node state = operands.get(0);
        Node values = operands.get(1);
        long context = state.shape().size(1);
        long places = state.shape().size(0) * context;
        Dim sequences = values.shape().dim(0);
        Node slot = g.reshape(operands.get(3), Shape.of(sequences, Dim.fixed(1)));
        Node place = g.add(operands.get(2), g.mul(slot, g.constant(TensorType.i32(Shape.SCALAR), context)));
        Shape flat = Shape.of(Dim.fixed(places)).concat(state.shape().drop(2));
        Node written = g.scatterAdd(place, values, places);
        Node ones = g.constant(TensorType.f32(operands.get(2).shape()), 1);
        Shape mask = Shape.of(Dim.fixed(places));
        for (int axis = 2; axis < state.shape().rank(); axis++) {
            mask = mask.concat(Shape.of(1));
        }
        Node hit = g.reshape(g.cast(g.scatterAdd(place, ones, places), Encoding.I32), mask);
        Node merged = g.select(hit, written, g.cast(g.reshape(state, flat), Encoding.F32));
        return Optional.of(g.assign(state, g.cast(g.reshape(merged, state.shape()), state.type().encoding())));
    }

    @Override
    public int alias() {
        return 0;
    }

    @Override
    public boolean writesState() {
        return true;
    }
}
