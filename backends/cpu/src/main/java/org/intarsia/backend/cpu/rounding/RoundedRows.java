package org.intarsia.backend.cpu.rounding;

import java.lang.foreign.Arena;
import org.intarsia.backend.cpu.code.Bf16Dots;
import org.intarsia.backend.cpu.code.IntegerDots;
import org.intarsia.backend.cpu.host.CpuBuffer;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.vector.VectorPacking;
import org.intarsia.backend.cpu.vector.VectorRounding;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Node;

/**
 * The memory in which steps round rows to 8 bits, for {@link IntegerDots}, or to BF16, for {@link Bf16Dots}. Steps run in the order in
 * which they are bound, so one place does for all of them, and neighbours that multiply the same rows, as those for queries, keys and
 * values do, round them once.
 */
public final class RoundedRows {
    private final Arena memory;
    private long address;
    private long capacity;
    private Node last;
    private Encoding lastEncoding;

    /** @param memory lives as long as the steps */
    public RoundedRows(Arena memory) {
        this.memory = memory;
    }

    /**
     * Rows of a step.
     *
     * @param encoding of the weights by which they are multiplied
     * @param x        the address of the rows in F32; 0 where an earlier step has rounded them
     * @param rounded  where they go, in pieces of as many rows as one call takes
     */
    public record Rows(Encoding encoding, int rows, int inner, long x, long rounded) {

        /** Rounds the rows, unless an earlier step has. */
        public void round(ThreadTeam team) {
            if (x == 0) {
                return;
            }
            team.split(pieces(), 1, (first, last, _) -> {
                for (int piece = (int) first; piece < last; piece++) {
                    long from = x + 4L * piece * most() * inner;
                    if (encoding == Encoding.BF16) {
                        VectorPacking.toBf16(from, address(piece), (long) height(piece) * inner);
                    } else {
                        VectorRounding.round(encoding, from, height(piece), inner, address(piece));
                    }
                }
            });
        }

        private int most() {
            return encoding == Encoding.BF16 ? Bf16Dots.MOST : IntegerDots.MOST;
        }

        /** Counts the pieces. */
        public int pieces() {
            return Math.ceilDiv(rows, most());
        }

        /** The row that a piece begins with. */
        public long first(int piece) {
            return (long) piece * most();
        }

        /** Rows of a piece. */
        public int height(int piece) {
            return Math.min(most(), rows - piece * most());
        }

        /** The address of a piece. */
        public long address(int piece) {
            return rounded + RoundedRows.bytes(encoding, piece * most(), inner);
        }
    }

    /**
     * Binds the rows of the next step.
     *
     * @param node     gives the rows
     * @param encoding of the weights by which they are multiplied
     * @param x        their address in F32
     */
    public Rows take(Node node, Encoding encoding, int rows, int inner, long x) {
        boolean again = node == last && encoding == lastEncoding;
        long bytes = bytes(encoding, rows, inner);
        if (bytes > capacity) {
            address = CpuBuffer.allocate(memory, bytes).address();
            capacity = bytes;
        }
        last = node;
        lastEncoding = encoding;
        return new Rows(encoding, rows, inner, again ? 0 : x, address);
    }

    private static long bytes(Encoding encoding, int rows, int inner) {
        return encoding == Encoding.BF16 ? 2L * rows * inner : (long) rows * (inner / 32) * IntegerDots.BLOCK_X;
    }
}
