package org.intarsia.backend.gpu.plan;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.TreeMap;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.CrossEntropy;
import org.intarsia.graph.op.Index;
import org.intarsia.graph.op.Leaf;
import org.intarsia.graph.op.Move;
import org.intarsia.graph.op.PagedAttention;

/**
 * An input of a plan whose numbers address rows of a table. A kernel on a graphics processor cannot throw, so the host keeps
 * what is written and refuses a run with a number that the table has not. Numbers that a graph computes are not seen here:
 * of those, kernels read another row, never foreign memory.
 */
final class IndexGuard implements Buffer {
    private final String name;
    private final long rows;
    private final Buffer input;
    private final MemorySegment written;

    private IndexGuard(String name, long rows, Buffer input) {
        this.name = name;
        this.rows = rows;
        this.input = input;
        // Inputs that nobody wrote hold zeros.
        this.written = MemorySegment.ofArray(new byte[Math.toIntExact(input.type().bytes())]);
    }

    /** Returns guards for the inputs that address rows, by name. */
    static Map<String, IndexGuard> of(Graph graph, Map<String, ? extends Buffer> inputs) {
        Map<String, IndexGuard> guards = new TreeMap<>();
        rows(graph).forEach((name, rows) -> guards.put(name, new IndexGuard(name, rows, inputs.get(name))));
        return guards;
    }

    /** Returns for each input that addresses rows how many there are; of several tables the smallest counts. */
    private static Map<String, Long> rows(Graph graph) {
        Map<String, Long> rows = new TreeMap<>();
        for (Node node : graph.nodes()) {
            switch (node.op()) {
                case Index.Gather gather -> trace(node.operand(1), node.operand(0).shape().dim(0).bounded(), rows);
                case Index.ScatterAdd scatter -> trace(node.operand(0), scatter.rows(), rows);
                case CrossEntropy loss -> trace(node.operand(1), node.operand(0).shape().dim(1).bounded(), rows);
                case CrossEntropy.Gradient gradient -> trace(node.operand(1), node.operand(0).shape().dim(1).bounded(), rows);
                case PagedAttention paged -> {
                    // Of the table only some entries are looked at: a kernel reads another block where one is wrong.
                    Shape table = node.operand(5).shape();
                    trace(node.operand(3), table.size(1) * node.operand(1).shape().size(1), rows);
                    trace(node.operand(4), table.size(0), rows);
                }
                default -> { }
            }
        }
        return rows;
    }

    /** Follows numbers back to the inputs of which each element is used. */
    private static void trace(Node numbers, long limit, Map<String, Long> rows) {
        switch (numbers.op()) {
            case Leaf.Input input -> rows.merge(input.leafName(), limit, Math::min);
            case Move.Reshape reshape -> trace(numbers.operand(0), limit, rows);
            case Move.Permute permute -> trace(numbers.operand(0), limit, rows);
            case Move.Broadcast broadcast -> trace(numbers.operand(0), limit, rows);
            case Move.Concat concat -> numbers.operands().forEach(operand -> trace(operand, limit, rows));
            default -> { }
        }
    }

    /**
     * Checks the numbers that a run uses.
     *
     * @param device its name, for messages
     * @param sizes  the named sizes of the run
     * @throws BackendException naming the input and the first wrong number
     */
    void check(String device, Map<String, Long> sizes) {
        long count = type().shape().bind(sizes).elements();
        for (long i = 0; i < count; i++) {
            int number = written.get(ValueLayout.JAVA_INT_UNALIGNED, Integer.BYTES * i);
            if (number < 0 || number >= rows) {
                throw new BackendException(device + ": the input '" + name + "' holds " + number + ", but the table that it"
                        + " addresses has the rows 0 to " + (rows - 1));
            }
        }
    }

    @Override
    public TensorType type() {
        return input.type();
    }

    @Override
    public void write(MemorySegment source) {
        input.write(source);
        MemorySegment.copy(source, 0, written, 0, source.byteSize());
    }

    @Override
    public void read(MemorySegment target) {
        input.read(target);
    }

    @Override
    public void close() {
        input.close();
    }
}
