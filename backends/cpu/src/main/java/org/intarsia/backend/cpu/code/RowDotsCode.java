package org.intarsia.backend.cpu.code;

/**
 * Writes the function that multiplies rows of weights of 16 or 32 bits, four at a time and as they are stored, with a few rows of x. Each
 * pair of rows has a vector of sums, to which columns are added in their order, so the bits of a result do not depend on the number of
 * rows.
 */
abstract class RowDotsCode {
    /** Rows of weights that are multiplied together. */
    static final int WEIGHTS_TOGETHER = 4;
    /** Columns of a step: whole cache lines of weights. */
    static final int COLUMNS = 32;
    static final int CACHE_LINE = 64;
    // Arguments.
    private static final int WEIGHTS = 7;
    private static final int X = 6;
    private static final int STEPS = 2;
    private static final int QUADS = 1;
    private static final int RESULT = 8;
    private static final int RESULT_ROW = 9;
    // Free for use, but for those that have to be given back.
    static final int AT_WEIGHTS = 0;
    static final int ROW = 10;
    static final int THREE_ROWS = 11;
    static final int AT_X = 3;
    private static final int STEPS_LEFT = 5;
    private static final int AHEAD = 14;
    /** The bytes that the first-level cache is filled ahead from the second: other distances were slower. */
    private static final int NEAR = 256;

    final int rows;
    /** True where weights come from memory and are read once; false where they are in a cache, so that fetching only costs. */
    final boolean memory;
    private final Assembler code;

    /** @param rows of x */
    RowDotsCode(Assembler code, int rows, boolean memory) {
        this.code = code;
        this.rows = rows;
        this.memory = memory;
    }

    /** Adds the products of {@link #COLUMNS} columns to the sums of row r of x and row w of weights, which are vector 4 · r + w. */
    abstract void step();

    /** Adds the lanes of each of four vectors; the four sums are the lower lanes of the first. */
    abstract void sums(int first);

    /** Bytes of {@link #COLUMNS} columns of x. */
    abstract int bytesOfX();

    /** Bytes of {@link #COLUMNS} columns of a row of weights, a power of two and at least a cache line. */
    int bytesOfWeights() {
        return CACHE_LINE;
    }

    final byte[] write() {
        code.push(AT_X);
        code.push(STEPS_LEFT);
        code.push(AHEAD);
        code.shiftLeft(ROW, STEPS, Integer.numberOfTrailingZeros(bytesOfWeights()));
        code.shiftLeft(THREE_ROWS, ROW, 1);
        code.addRegister(THREE_ROWS, ROW);
        int nextQuad = code.here();
        code.mov(AT_WEIGHTS, WEIGHTS);
        code.mov(AT_X, X);
        code.mov(STEPS_LEFT, STEPS);
        // The rows behind these are one piece of memory, which is fetched meanwhile.
        code.addRegister(WEIGHTS, THREE_ROWS);
        code.addRegister(WEIGHTS, ROW);
        code.mov(AHEAD, WEIGHTS);
        for (int sum = 0; sum < WEIGHTS_TOGETHER * rows; sum++) {
            code.clear(sum);
        }
        int nextStep = code.here();
        step();
        code.add(AHEAD, WEIGHTS_TOGETHER * bytesOfWeights());
        code.add(AT_WEIGHTS, bytesOfWeights());
        code.add(AT_X, bytesOfX());
        code.loop(STEPS_LEFT, nextStep);
        code.mov(AT_X, RESULT);
        for (int row = 0; row < rows; row++) {
            sums(WEIGHTS_TOGETHER * row);
            code.storeVmovups128(AT_X, WEIGHTS_TOGETHER * row);
            code.addRegister(AT_X, RESULT_ROW);
        }
        code.add(RESULT, WEIGHTS_TOGETHER * 4);
        code.loop(QUADS, nextQuad);
        code.pop(AHEAD);
        code.pop(STEPS_LEFT);
        code.pop(AT_X);
        code.vzeroupper();
        code.ret();
        return code.bytes();
    }

    /** Fetches as much of the next rows of weights into the second-level cache, and of these rows from there, where it helps. */
    final void fetchWeights(int weight) {
        if (memory) {
            for (int line = 0; line < bytesOfWeights(); line += CACHE_LINE) {
                code.prefetchSecond(AHEAD, weight * bytesOfWeights() + line);
                code.prefetch(AT_WEIGHTS, index(weight), factor(weight), NEAR + line);
            }
        }
    }

    /** Fetches a line of x, whose rows are as long as those of weights, from the second-level cache, where it helps. */
    final void fetchX(int row) {
        if (memory) {
            code.prefetch(AT_X, index(row), factor(row), NEAR);
        }
    }

    /** The register that, times {@link #factor}, is the distance to one of four rows as long as those of weights. */
    static int index(int row) {
        return row == 3 ? THREE_ROWS : ROW;
    }

    static int factor(int row) {
        return row == 3 ? 1 : row;
    }
}
