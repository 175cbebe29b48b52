package org.intarsia.backend.cpu.code;

/**
 * Products of rows of weights in BF16, as they are stored, with up to {@value #MOST} rows of x in BF16, by the instruction VDPBF16PS:
 * sums are in F32, and numbers too small for a normal one count as 0. Safe for use by several threads. Closing it frees the code;
 * nobody may be in a call then.
 */
public final class Bf16Dots implements AutoCloseable {
    /** Rows of weights that are multiplied together. */
    public static final int WEIGHTS = RowDotsCode.WEIGHTS_TOGETHER;
    /** The most rows of x. */
    public static final int MOST = 4;
    /** Rows have a multiple of so many columns. */
    public static final int COLUMNS = RowDotsCode.COLUMNS;

    private final RowFunctions functions;

    /**
     * Makes the code, for a {@link Processor} that has what it needs.
     *
     * @throws org.intarsia.backend.api.BackendException where the system does not let it run
     */
    Bf16Dots() {
        functions = new RowFunctions(MOST, rows -> Bf16DotsCode.of(rows, true), rows -> Bf16DotsCode.of(rows, false));
    }

    /**
     * Multiplies. Takes microseconds for a few thousand weights; a garbage collection waits for it.
     *
     * @param cached  whether the weights were read a moment ago
     * @param rows    of x, 1 to {@value #MOST}
     * @param weights the address of the first row
     * @param x       the address of the first row
     * @param steps   {@value #COLUMNS} columns each, at least 1
     * @param quads   {@value #WEIGHTS} rows of weights each, at least 1
     * @param y       the address of the result: {@value #WEIGHTS} · {@code quads} numbers for each row, in F32
     * @param row     bytes from one row of the result to the next
     */
    public void multiply(boolean cached, int rows, long weights, long x, long steps, long quads, long y, long row) {
        functions.multiply(cached, rows, weights, x, steps, quads, y, row);
    }

    /** Frees the code. */
    @Override
    public void close() {
        functions.close();
    }
}
