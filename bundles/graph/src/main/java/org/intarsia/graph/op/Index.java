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

/** Core ops that address rows by number. */
public interface Index extends Op {

    /**
     * Rows of a table: (rows, tail…), indices I32 (any…) → (any…, tail…). The table may be stored in any encoding.
     * An index outside the table is an error of the caller. The interpreter throws, and so does a run of a plan where an
     * input holds such an index. Of indices that the graph computes, a backend that cannot throw reads another row, never
     * foreign memory.
     */
    record Gather() implements Index {
        @Override
        public String kind() {
            return "gather";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.count(kind(), 2, operands);
            Check.i32(kind(), operands, 1);
            TensorType table = operands.getFirst();
            Check.that(table.shape().rank() >= 1, kind(), "a table of rank 1 or more", operands);
            return new TensorType(operands.get(1).shape().concat(table.shape().drop(1)), table.encoding().computed());
        }

        @Override
        public Optional<Node> decompose(GraphBuilder graph, List<Node> operands) {
            Encoding stored = operands.getFirst().encoding();
            if (stored == stored.computed()) {
                return Optional.empty();
            }
            return Optional.of(graph.gather(graph.cast(operands.getFirst(), stored.computed()), operands.get(1)));
        }
    }

    /**
     * A table of zeros to which rows are added in the order of the indices: indices I32 (any…), rows (any…, tail…) →
     * ({@code rows}, tail…).
     */
    record ScatterAdd(long rows) implements Index {
        @Override
        public String kind() {
            return "scatterAdd";
        }

        @Override
        public TensorType infer(List<TensorType> operands) {
            Check.count(kind(), 2, operands);
            Check.i32(kind(), operands, 0);
            Check.f32(kind(), operands, 1);
            Shape indices = operands.getFirst().shape();
            Shape added = operands.get(1).shape();
            Check.that(added.rank() >= indices.rank()
                            && added.dims().subList(0, indices.rank()).equals(indices.dims()),
                    kind(), "one row for each index", operands);
            return TensorType.f32(Shape.of(Dim.fixed(rows)).concat(added.drop(indices.rank())));
        }
    }
}
