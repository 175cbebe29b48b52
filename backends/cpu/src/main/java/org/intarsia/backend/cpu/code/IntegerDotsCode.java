package org.intarsia.backend.cpu.code;

import org.intarsia.graph.Encoding;

/**
 * Writes the function that multiplies groups of sixteen rows of weights with up to eight rows of x; {@link IntegerDots} says how both
 * lie in memory. A lane of a vector is a row of weights.
 *
 * <p>The products of a block are summed as integers, which is exact, and the sums of all blocks are added in F32, in the order of the
 * blocks, with the same roundings whatever the instructions are. So the bits of a row depend neither on the number of rows, nor on who
 * computes it, nor on the processor. Weights are loaded and unpacked once for all rows.
 */
abstract class IntegerDotsCode {
    // Arguments.
    static final int WEIGHTS = 7;
    static final int X = 6;
    static final int BLOCKS = 2;
    static final int GROUPS = 1;
    static final int RESULT = 8;
    static final int RESULT_ROW = 9;
    // Free for use.
    static final int ACCUMULATOR = 0;
    static final int AT_X = 10;
    static final int BLOCKS_LEFT = 11;
    /** Bytes of 32 columns of one row of x, as {@link IntegerDots} describes them. */
    static final int BLOCK_X = IntegerDots.BLOCK_X;
    /** The bytes that weights are prefetched ahead: with less, memory was not kept busy; with more, nothing was gained. */
    private static final int AHEAD = 4096;
    private static final int AHEAD_OF_X = 1024;
    private static final int CACHE_LINE = 64;

    final Encoding encoding;
    final int rows;
    private final Assembler code;

    /** @param rows of x, 1 to 8 */
    IntegerDotsCode(Assembler code, Encoding encoding, int rows) {
        this.code = code;
        this.encoding = encoding;
        this.rows = rows;
    }

    /** Saves registers and sets constants. */
    abstract void begin();

    /** Sets the sums of a group to 0. */
    abstract void clear();

    /** Adds the products of the block of weights at {@link #WEIGHTS} with that of x at {@link #AT_X}. */
    abstract void block();

    /** Stores the sums of a group at {@link #RESULT}. */
    abstract void store();

    /** Restores registers. */
    abstract void end();

    final byte[] write() {
        begin();
        int nextGroup = code.here();
        code.mov(AT_X, X);
        code.mov(BLOCKS_LEFT, BLOCKS);
        clear();
        int nextBlock = code.here();
        block();
        code.add(WEIGHTS, IntegerDots.blockBytes(encoding));
        code.add(AT_X, IntegerDots.blockColumns(encoding) / 32 * rows * BLOCK_X);
        code.loop(BLOCKS_LEFT, nextBlock);
        store();
        code.add(RESULT, 4 * IntegerDots.ROWS);
        code.loop(GROUPS, nextGroup);
        end();
        code.vzeroupper();
        code.ret();
        return code.bytes();
    }

    /** Fetches weights and blocks of x that come later. */
    final void prefetch(int weights, int bytes, int x, int blocksOfX) {
        for (int line = 0; line < bytes; line += CACHE_LINE) {
            code.prefetch(weights, AHEAD + line);
        }
        for (int line = 0; line < blocksOfX * rows * BLOCK_X; line += CACHE_LINE) {
            code.prefetch(x, AHEAD_OF_X + line);
        }
    }

    /** Bytes from x to four columns of a row, the first of which is {@code column} of a block of 32. */
    final int columns(int block, int row, int column) {
        return rows * BLOCK_X * block + 32 * row + column;
    }

    /** Bytes from x to a scale of the 32 columns of a block. */
    final int scale(int block, int row) {
        return rows * (BLOCK_X * block + 32) + 4 * row;
    }

    /** Bytes from x to the first or second offset of the 32 columns of a block. */
    final int offset(int block, int second, int row) {
        return rows * (BLOCK_X * block + 36 + 4 * second) + 4 * row;
    }
}
