package org.intarsia.backend.cpu.product;

import org.intarsia.backend.cpu.code.IntegerDots;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.host.Worker;
import org.intarsia.backend.cpu.rounding.PackedWeights;
import org.intarsia.backend.cpu.rounding.RoundedRows;
import org.intarsia.backend.cpu.step.Step;
import org.intarsia.graph.Encoding;

/**
 * x · weightᵀ with {@link PackedWeights} and rows of x that are rounded to 8 bits, by {@link IntegerDots machine code}, where
 * {@link org.intarsia.backend.api.Precision#FAST} allows it. A row has the same bits alone and beside any number of others.
 */
final class PackedProduct implements Step {
    /** Bytes of weights that are worth a task of their own, and a call. */
    private static final long GRAIN_BYTES = 1 << 15;
    /** Bytes of weights of one call: they stay in the second-level cache until all rows of x are done with them. */
    private static final long CHUNK_BYTES = 1 << 18;

    private final IntegerDots code;
    private final PackedWeights weights;
    private final Encoding encoding;
    private final int columns;
    private final RoundedRows.Rows x;
    private final long blocks;
    private final long result;

    /** @param result the address of rows of {@code columns} numbers */
    PackedProduct(IntegerDots code, PackedWeights weights, int columns, RoundedRows.Rows x, long result) {
        this.code = code;
        this.weights = weights;
        this.encoding = weights.encoding();
        this.columns = columns;
        this.x = x;
        this.blocks = weights.inner() / IntegerDots.blockColumns(encoding);
        this.result = result;
    }

    @Override
    public void run(ThreadTeam team) {
        weights.pack(team);
        x.round(team);
        long groupBytes = blocks * IntegerDots.blockBytes(encoding);
        long chunk = Math.max(1, CHUNK_BYTES / groupBytes);
        team.split(weights.groups(), Math.max(1, GRAIN_BYTES / groupBytes), (first, last, worker) -> {
            for (long group = first; group < last; group += chunk) {
                groups(group, Math.min(chunk, last - group), worker);
            }
        });
    }

    private void groups(long first, long count, Worker worker) {
        long whole = Math.min(count, columns / IntegerDots.ROWS - first);
        for (int piece = 0; piece < x.pieces(); piece++) {
            long to = result + 4 * (x.first(piece) * columns + first * IntegerDots.ROWS);
            if (whole > 0) {
                code.multiply(x.height(piece), weights.group(first), x.address(piece), blocks, whole, to, 4L * columns);
            }
            if (whole < count) {
                lastGroup(piece, worker);
            }
        }
    }

    /** The last group, which has rows that the weights have not. */
    private void lastGroup(int piece, Worker worker) {
        int first = columns / IntegerDots.ROWS;
        long all = worker.scratch(4L * IntegerDots.ROWS * IntegerDots.MOST);
        code.multiply(x.height(piece), weights.group(first), x.address(piece), blocks, 1, all, 4L * IntegerDots.ROWS);
        for (int row = 0; row < x.height(piece); row++) {
            long to = result + 4 * ((x.first(piece) + row) * columns + (long) first * IntegerDots.ROWS);
            Memory.copy(all + 4L * IntegerDots.ROWS * row, to, 4L * (columns % IntegerDots.ROWS));
        }
    }
}
