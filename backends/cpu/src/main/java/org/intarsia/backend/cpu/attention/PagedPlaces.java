package org.intarsia.backend.cpu.attention;

import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.step.NodeBinding;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.PagedAttention;

/**
 * The sizes of a {@link PagedAttention}, and where its tokens find their keys.
 *
 * @param positions the address of the position of each token
 * @param rows      the address of the row of the table of each token
 * @param table     the address of the table: {@code tableRows} rows of {@code most} numbers of blocks
 * @param block     positions of a block
 * @param window    positions that a token sees, with its own; 0 for all
 */
record PagedPlaces(long positions, long rows, long table, int tokens, int heads, int headDim, int keyHeads, Encoding stored,
        int blocks, int block, int tableRows, int most, int window) {

    static PagedPlaces of(NodeBinding binding) {
        Shape q = binding.shape(0);
        Shape keys = binding.shape(1);
        Shape table = binding.shape(5);
        int window = binding.op(PagedAttention.class).window();
        return new PagedPlaces(binding.operand(3), binding.operand(4), binding.operand(5), size(q, 0), size(q, 1), size(q, 2),
                size(keys, 2), binding.encoding(1), size(keys, 0), size(keys, 1), size(table, 0), size(table, 1), window);
    }

    private static int size(Shape shape, int axis) {
        return Math.toIntExact(shape.size(axis));
    }

    /** Heads that have a key in common. */
    int shared() {
        return heads / keyHeads;
    }

    /** Bytes from the key of a head to that at the next position. */
    long keyStep() {
        return stored.bytes((long) keyHeads * headDim);
    }

    int position(int token) {
        int position = Memory.getInt(positions + 4L * token);
        if (position < 0 || position >= (long) most * block) {
            throw new BackendException("pagedAttention: position " + position + " does not lie within the " + most + " blocks of "
                    + block + " that a row of the table names; give the table more columns, or the token an earlier position");
        }
        return position;
    }

    int row(int token) {
        int row = Memory.getInt(rows + 4L * token);
        if (row < 0 || row >= tableRows) {
            throw new BackendException("pagedAttention: row " + row + " is not one of the " + tableRows + " rows of the table");
        }
        return row;
    }

    /** Bytes to a query, and to its result. */
    long query(int token, int head) {
        return 4L * ((long) token * heads + head) * headDim;
    }

    /** The first position that a token at another one sees. */
    int begin(int position) {
        return window == 0 ? 0 : Math.max(0, position + 1 - window);
    }

    /** Bytes to the key at a position, and to its value. */
    long key(int row, int position, int keyHead) {
        int number = Memory.getInt(table + 4L * ((long) row * most + position / block));
        if (number < 0 || number >= blocks) {
            throw new BackendException("pagedAttention: row " + row + " of the table names the block " + number + " for position "
                    + position + ", which is not one of the " + blocks + " blocks of keys");
        }
        return stored.bytes((((long) number * block + position % block) * keyHeads + keyHead) * headDim);
    }

    /** Counts the positions from one on that lie in the same block, up to a given one. */
    int within(int position, int end) {
        return Math.min(end - position, block - position % block);
    }
}
