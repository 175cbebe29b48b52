package org.intarsia.backend.cpu.code;

import org.intarsia.graph.Encoding;

/**
 * Products of rows of weights in F32, BF16 or F16, as they are stored, with up to {@value #MOST} rows of x in F32, by AVX2 or AVX-512.
 * A product is one chain of fused multiply-adds for each lane, along the row; then neighbouring lanes are added, then pairs, and so on.
 * So it has the bits of {@link org.intarsia.backend.cpu.kernel.RowKernels#storedDots} with vectors as long. Safe for use by several
 * threads. Closing it frees the code; nobody may be in a call then.
 */
public final class StoredDots implements AutoCloseable {
    /** Rows of weights that are multiplied together. */
    public static final int WEIGHTS = RowDotsCode.WEIGHTS_TOGETHER;
    /** The most rows of x. */
    public static final int MOST = 3;
    /** Rows have a multiple of so many columns. */
    public static final int COLUMNS = RowDotsCode.COLUMNS;

    private final RowFunctions functions;

    /**
     * Makes the code, for a {@link Processor} that has what it needs.
     *
     * @param instructions {@link InstructionSet#AVX2} or {@link InstructionSet#AVX512}
     * @param encoding     F32, BF16 or F16
     * @throws org.intarsia.backend.api.BackendException where the system does not let it run
     */
    StoredDots(InstructionSet instructions, Encoding encoding) {
        functions = new RowFunctions(MOST, rows -> StoredDotsCode.of(instructions, encoding, rows, true),
                rows -> StoredDotsCode.of(instructions, encoding, rows, false));
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
